"""What is handed to other interpreters: it observes one script as it runs. Imports nothing of seedlab.

`seedlab.engine.packing` makes one file of these modules and of the libraries' doors. All of it is Python 3.6 and
needs the standard library alone; among themselves the modules import relatively, which `loader` answers in the file.
"""
