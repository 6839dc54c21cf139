"""The code that is given to other interpreters to observe one script as it runs. It imports nothing of seedlab.

`seedlab.engine.packing` makes one file of these modules and the libraries' doors. All of it runs on Python 3.6 and
needs only the standard library. The modules import each other relatively; in the packed file, `loader` resolves that.
"""
