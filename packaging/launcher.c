/* The bundle's command: it executes `-m seedlab` by the Python that lies beside it, whatever leads here.

   It is no shell script because it must change no variable: what seedlab starts sees the person's own environment. A
   shell sets PWD, counts SHLVL, and drops variables whose names it cannot write, such as exported functions.
   -I: neither PYTHONPATH, PYTHONHOME and the like, nor the folder that one is in, nor the packages of the user have a
   say in seedlab itself. -B: nothing is written into the bundle. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef PYTHON
#error "PYTHON names the executable beside this one, such as \"python3.11\""
#endif

int main(int count, char **given)
{
    char path[PATH_MAX];
    char *options[] = {path, "-I", "-B", "-m", "seedlab"};
    const int own = sizeof options / sizeof *options;
    /* Without the program's name, and with NULL at the end. */
    char *arguments[own + (count > 0 ? count : 1)];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - sizeof PYTHON);
    char *name;

    if (length < 0) {
        perror("seedlab: /proc/self/exe");
        return 127;
    }
    /* There is room for the Python's name, which is all that is put in the place of the program's. */
    path[length] = '\0';
    name = strrchr(path, '/') + 1;
    strcpy(name, PYTHON);
    memcpy(arguments, options, sizeof options);
    if (count > 1)
        memcpy(arguments + own, given + 1, (count - 1) * sizeof *given);
    arguments[own + (count > 1 ? count - 1 : 0)] = NULL;
    execv(path, arguments);
    perror(path);
    return 127;
}
