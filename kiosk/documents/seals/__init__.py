"""Seals (电子印章) of finished documents, checked before anything of them is shown or printed.

`checking.check` hands a PDF or OFD to a worker process, where `pdf` and `ofd` verify and `pages` draws what is printed.
"""
