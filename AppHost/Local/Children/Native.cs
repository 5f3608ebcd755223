using System.Runtime.InteropServices;

namespace AspireGateway.AppHost.Local.Children;

/// <summary>Signals by their Linux and macOS numbers.</summary>
internal enum Signal
{
    /// <summary>Only asks whether the process is there.</summary>
    None = 0,

    /// <summary>Interrupt: Postgres' fast shutdown.</summary>
    Interrupt = 2,

    /// <summary>Kill: cannot be caught.</summary>
    Kill = 9,

    /// <summary>Terminate: the polite request.</summary>
    Terminate = 15,
}

/// <summary>The system calls that .NET has no API for.</summary>
internal static partial class Native
{
    /// <summary>Sends a signal to a process, or with a negative id to a process group; false when there is none.</summary>
    public static bool Send(int processId, Signal signal) => Kill(processId, (int)signal) == 0;

    /// <summary>The process id of our parent now; it changes when the parent dies.</summary>
    [LibraryImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int ParentProcessId();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
