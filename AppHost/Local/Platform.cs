using System.Runtime.Versioning;

// Signals, file modes and util-linux: Windows has the Aspire host.
[assembly: UnsupportedOSPlatform("windows")]
