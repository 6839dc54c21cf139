/* The program of seedlab.app: it is Python itself, with `-m seedlab`, so that macOS knows the process as this application
   and hands it the documents that are opened. A script that starts bin/python3 would be another application to it.

   No variable is changed, so that what seedlab starts sees the person's own environment. Neither PYTHONPATH, PYTHONHOME
   and the like, nor the packages of the user have a say in seedlab itself. sys.executable is the Python in the bundle. */
#include <Python.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#else
#include <unistd.h>
#endif

#ifndef MODULE
#define MODULE "seedlab"
#endif

/* Put the path of this program into `path`, with links followed. Return 0 where that fails. */
static int find_self(char path[PATH_MAX])
{
    char found[PATH_MAX];
#ifdef __APPLE__
    uint32_t size = sizeof found;
    if (_NSGetExecutablePath(found, &size) != 0)
        return 0;
#else
    /* For the tests, which run on Linux. */
    ssize_t length = readlink("/proc/self/exe", found, sizeof found - 1);
    if (length < 0)
        return 0;
    found[length] = '\0';
#endif
    return realpath(found, path) != NULL;
}

static PyStatus configure(PyConfig *config, int count, char **given, const char *home, const char *executable)
{
    PyStatus status = PyConfig_SetBytesString(config, &config->home, home);
    if (!PyStatus_Exception(status))
        status = PyConfig_SetBytesString(config, &config->executable, executable);
    if (!PyStatus_Exception(status))
        status = PyConfig_SetString(config, &config->run_module, L"" MODULE);
    if (!PyStatus_Exception(status))
        status = PyConfig_SetBytesArgv(config, count, given);
    return status;
}

int main(int count, char **given)
{
    char path[PATH_MAX], home[PATH_MAX], executable[PATH_MAX];
    PyConfig config;
    PyStatus status;
    int step;

    if (!find_self(path)) {
        fputs("seedlab: this program cannot find itself\n", stderr);
        return 127;
    }
    /* From Contents/MacOS/seedlab to Contents. */
    for (step = 0; step < 2; step++)
        *strrchr(path, '/') = '\0';
    if (snprintf(home, sizeof home, "%s/Resources/python", path) >= (int)sizeof home
        || snprintf(executable, sizeof executable, "%s/bin/python3", home) >= (int)sizeof executable) {
        fputs("seedlab: its path is too long\n", stderr);
        return 127;
    }
    PyConfig_InitPythonConfig(&config);
    config.parse_argv = 0;
    config.use_environment = 0;
    config.user_site_directory = 0;
    /* Nothing is written into the bundle, whose signature would not hold any more. */
    config.write_bytecode = 0;
    config.safe_path = 1;
    status = configure(&config, count, given, home, executable);
    if (!PyStatus_Exception(status))
        status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status))
        Py_ExitStatusException(status);
    return Py_RunMain();
}
