"""Paper: PDF with an embedded font and a real text layer, the same bytes every time it is made.

fonts     a font with exactly the glyphs of one document; what it lacks stops the print
page      the frame of every page: title line, document number, page x of y, hash
words     amounts in figures and in capitals                                            (pure)
seal      an electronic seal behind the document, and whether it is still what was sealed
table     names beside values; lists over as many pages as they need
holdings  what a unit holds of firms
subsidy   the approval sheet of a subsidy, and a unit's notice
"""
