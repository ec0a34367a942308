"""What every room stands on: accounts, audit, mail, files, documents, obligations, privacy, pages, clock and money."""
