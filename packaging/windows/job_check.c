/* The calls of seedlab/engine/platform/windows_job.py, made by hand: for Windows, or Wine where there is none.

       x86_64-w64-mingw32-gcc -Wall -o job_check.exe packaging/windows/job_check.c -lntdll && wine64 job_check.exe

   What is written there as numbers is compared with the system's own headers as this is compiled. Executed by Wine 8.0, all
   lines said "as it should be" but the one on the limit of processes, which Wine does not keep; never executed by Windows. */
#define WIN32_NO_STATUS
#include <windows.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>
#include <stddef.h>
#include <stdio.h>

#define SAME(what) _Static_assert(what, #what)
SAME(sizeof(JOBOBJECT_BASIC_LIMIT_INFORMATION) == 64);
SAME(sizeof(IO_COUNTERS) == 48);
SAME(sizeof(JOBOBJECT_EXTENDED_LIMIT_INFORMATION) == 144);
SAME(offsetof(JOBOBJECT_BASIC_LIMIT_INFORMATION, LimitFlags) == 16);
SAME(offsetof(JOBOBJECT_BASIC_LIMIT_INFORMATION, ActiveProcessLimit) == 40);
SAME(offsetof(JOBOBJECT_EXTENDED_LIMIT_INFORMATION, ProcessMemoryLimit) == 112);
SAME(offsetof(JOBOBJECT_BASIC_PROCESS_ID_LIST, ProcessIdList) == 8);
SAME(JobObjectBasicProcessIdList == 3 && JobObjectExtendedLimitInformation == 9);
SAME(JOB_OBJECT_LIMIT_ACTIVE_PROCESS == 0x8 && JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION == 0x400);
SAME(JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE == 0x2000);
SAME(PROCESS_TERMINATE == 0x1 && PROCESS_SET_QUOTA == 0x100);
SAME(CREATE_SUSPENDED == 0x4 && CREATE_NO_WINDOW == 0x08000000);
SAME(ERROR_MORE_DATA == 234 && ERROR_ACCESS_DENIED == 5 && ERROR_SHARING_VIOLATION == 32);
SAME((DWORD)STATUS_ACCESS_VIOLATION == 0xC0000005 && (DWORD)STATUS_IN_PAGE_ERROR == 0xC0000006);
SAME((DWORD)STATUS_NO_MEMORY == 0xC0000017 && (DWORD)STATUS_ILLEGAL_INSTRUCTION == 0xC000001D);
SAME((DWORD)STATUS_INTEGER_DIVIDE_BY_ZERO == 0xC0000094 && (DWORD)STATUS_STACK_OVERFLOW == 0xC00000FD);
SAME((DWORD)STATUS_COMMITMENT_LIMIT == 0xC000012D && (DWORD)STATUS_DLL_NOT_FOUND == 0xC0000135);
SAME((DWORD)STATUS_ORDINAL_NOT_FOUND == 0xC0000138 && (DWORD)STATUS_ENTRYPOINT_NOT_FOUND == 0xC0000139);
SAME((DWORD)STATUS_CONTROL_C_EXIT == 0xC000013A && (DWORD)STATUS_DLL_INIT_FAILED == 0xC0000142);
SAME((DWORD)STATUS_HEAP_CORRUPTION == 0xC0000374 && (DWORD)STATUS_STACK_BUFFER_OVERRUN == 0xC0000409);

#define CHILDREN 4

typedef LONG(WINAPI *Resume)(HANDLE);

static struct {
    DWORD assigned, listed;
    ULONG_PTR ids[1024];
} list;

static void say(const char *what, BOOL is_right)
{
    printf("%s: %s\n", what, is_right ? "as it should be" : "NOT as it should be");
    fflush(stdout);
}

static PROCESS_INFORMATION start(const char *role, DWORD flags)
{
    char command[MAX_PATH + 32], self[MAX_PATH];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process = {0};
    GetModuleFileNameA(NULL, self, sizeof self);
    snprintf(command, sizeof command, "\"%s\" %s", self, role);
    CreateProcessA(NULL, command, NULL, NULL, FALSE, flags, NULL, NULL, &startup, &process);
    return process;
}

static HANDLE job_with(DWORD flags, DWORD processes)
{
    HANDLE job = CreateJobObjectW(NULL, NULL);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    limits.BasicLimitInformation.LimitFlags = flags;
    limits.BasicLimitInformation.ActiveProcessLimit = processes;
    say("a job gets its limits", SetInformationJobObject(job, 9, &limits, sizeof limits));
    return job;
}

static PROCESS_INFORMATION adopted(HANDLE job, const char *role)
{
    Resume resume = (Resume)(void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtResumeProcess");
    PROCESS_INFORMATION process = start(role, CREATE_SUSPENDED | CREATE_NO_WINDOW);
    HANDLE opened = OpenProcess(PROCESS_SET_QUOTA | PROCESS_TERMINATE, FALSE, process.dwProcessId);
    say("a suspended process is assigned", AssignProcessToJobObject(job, opened));
    CloseHandle(opened);
    say("and goes on", resume(process.hProcess) >= 0);
    return process;
}

static DWORD count(HANDLE job)
{
    QueryInformationJobObject(job, 3, &list, sizeof list, NULL);
    return list.assigned;
}

int main(int given, char **arguments)
{
    DWORD status = 0;
    HANDLE job;
    PROCESS_INFORMATION process;

    if (given > 1 && strcmp(arguments[1], "crash") == 0)
        *(volatile int *)0 = 1;
    if (given > 1 && strcmp(arguments[1], "parent") == 0)
        for (int number = 0; number < CHILDREN; number++)
            start("sleep", 0);
    if (given > 1) {
        Sleep(30000);
        return 7;
    }
    job = job_with(0x2400, 0);
    process = adopted(job, "parent");
    Sleep(3000);
    /* A console without a window is a process, too. */
    printf("%lu processes, %d of them are ours\n", count(job), CHILDREN + 1);
    say("its children are in the job", list.assigned > CHILDREN);
    TerminateJobObject(job, 1);
    WaitForSingleObject(process.hProcess, 5000);
    Sleep(500);
    say("all are ended together", count(job) == 0 && GetExitCodeProcess(process.hProcess, &status) && status == 1);
    CloseHandle(job);

    job = job_with(0x2400, 0);
    process = adopted(job, "sleep");
    Sleep(500);
    CloseHandle(job);
    say("they end with the last handle", WaitForSingleObject(process.hProcess, 5000) == WAIT_OBJECT_0);

    job = job_with(0x2408, 3);
    adopted(job, "parent");
    Sleep(3000);
    say("there are no more than the limit", count(job) <= 3);
    CloseHandle(job);

    job = job_with(0x2400, 0);
    process = adopted(job, "crash");
    WaitForSingleObject(process.hProcess, 20000);
    say("a fault has its status", GetExitCodeProcess(process.hProcess, &status) && status == 0xC0000005);
    CloseHandle(job);
    return 0;
}
