"""Organisations, instruments, tariffs, uses and earlier vouchers from spreadsheets: all of a file, or nothing of it.

cells           what one cell says: text, whole numbers, yuan, dates, instants, choices      (pure)
sheets          a kind of sheet: its columns, what a row asks of the books                   (pure)
columns         columns that several kinds share                                             (pure)
kinds           every kind of sheet there is
organisations, instruments, tariffs, uses, scores, vouchers      each one's columns and commands     (pure)
lookups         what a row names by the unit's own numbers
faults          what is wrong with a row, by cell                                            (pure)
source          a file as rows of cells: what it is, where its table begins
csv_file        CSV in UTF-8 or GB18030, a row at a time
xlsx_file       XLSX, unpacked only as far as it may be
run             rows into commands, commands into the books, answers back to rows
handed_back     the same rows with a column that says what is wrong; empty forms to fill in
"""
