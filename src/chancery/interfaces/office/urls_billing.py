"""URLs of the finance desk and of the network's page."""

from django.urls import path

from chancery.interfaces.office.views import bank, fees, invoices, network, reconcile, refunds

urlpatterns = [
    path("bank/", bank.list_statements, name="list-statements"),
    path("bank/take-in/", bank.take_statement, name="take-statement"),
    path("bank/accounts/", bank.name_account, name="name-account"),
    path("bank/statements/<int:file_id>/", bank.show_statement, name="show-statement"),
    path("bank/statements/<int:file_id>/file/", bank.download_statement, name="download-statement"),
    path("bank/lines/", reconcile.list_lines, name="list-lines"),
    path("bank/lines/<int:entry_id>/", reconcile.show_line, name="show-line"),
    path("bank/lines/<int:entry_id>/split/", reconcile.split_line, name="split-line"),
    path("bank/lines/<int:entry_id>/book/", reconcile.book_line, name="book-line"),
    path("bank/lines/<int:entry_id>/park/", reconcile.park_line, name="park-line"),
    path("bank/lines/<int:entry_id>/give-back/", reconcile.give_back, name="give-line-back"),
    path("bank/lines/<int:entry_id>/cost/", reconcile.book_cost, name="book-cost"),
    path("bank/lines/<int:entry_id>/undo/<int:allocation_id>/", reconcile.undo_allocation, name="undo-allocation"),
    path("bank/lines/<int:entry_id>/undo-cost/<int:cost_id>/", reconcile.undo_cost, name="undo-cost"),
    path("bills/<str:number>/", invoices.show_bill, name="show-bill"),
    path("bills/<str:number>/pdf/", invoices.download_bill, name="download-bill"),
    path("bills/<str:number>/<str:syntax>.xml", invoices.download_bill_data, name="download-bill-data"),
    path("bills/<str:number>/proofs/<int:proof_id>/", invoices.download_proof, name="download-proof"),
    path("bills/<str:number>/external/", invoices.record_external, name="record-external"),
    path("refunds/", refunds.list_money_back, name="list-refunds"),
    path("refunds/lines/<int:entry_id>/", refunds.propose_refund, name="propose-refund"),
    path("refunds/<int:refund_id>/", refunds.decide_refund, name="decide-refund"),
    path("refunds/file/", refunds.make_refund_file, name="make-refund-file"),
    path("refunds/file/<int:batch_id>.xml", refunds.download_refund_file, name="download-refund-file"),
    path("second-person/", fees.show_second_person, name="show-second-person"),
    path("second-person/<int:exception_id>/", fees.decide_exception, name="decide-exception"),
    path("network/", network.show_network, name="show-network"),
    path("network/import/", network.show_import, name="show-import"),
    path("network/import/take-in/", network.import_sheet, name="import-sheet"),
    path("network/authorities/<int:authority_id>/", network.show_authority, name="show-authority"),
    path("network/authorities/<int:authority_id>/standing/", network.decide, name="decide-standing"),
    path("<slug:edition_slug>/invoices/", invoices.list_bills, name="list-bills"),
    path("<slug:edition_slug>/invoices/export/", invoices.export_bills, name="export-bills"),
    path("<slug:edition_slug>/invoices/issue/<int:place_id>/", invoices.issue_bill, name="issue-bill"),
    path("<slug:edition_slug>/fees/", fees.show_fees, name="show-fees"),
    path("<slug:edition_slug>/fees/propose/", fees.propose_exception, name="propose-exception"),
]
