"""Write what is owed and book what comes in; called by the journey only, so that places follow the money."""
