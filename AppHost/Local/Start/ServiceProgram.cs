using System.Reflection;
using System.Runtime.InteropServices;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>One of our own projects as it was built with the host.</summary>
/// <param name="ContentRoot">The project's folder: static assets are found only from there.</param>
/// <param name="Assembly">Its main assembly.</param>
internal sealed record ServiceProgram(string ContentRoot, string Assembly)
{
    /// <summary>The <c>dotnet</c> that runs this very process, also when it was started without one.</summary>
    public static string DotnetPath { get; } = FindDotnet();

    /// <summary>Finds a project's assembly in the configuration and framework that the host was built in.</summary>
    /// <param name="root">The solution's folder.</param>
    /// <param name="projectFolder">For example <c>tests/Simulator</c>.</param>
    public static Outcome<ServiceProgram> Find(string root, string projectFolder)
    {
        var configuration = typeof(ServiceProgram).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var framework = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var contentRoot = Path.Combine(root, projectFolder);
        var assembly = Path.Combine(contentRoot, "bin", configuration, framework, Path.GetFileName(projectFolder) + ".dll");
        return File.Exists(assembly)
            ? new ServiceProgram(contentRoot, assembly)
            : new Fault($"{assembly} is missing: build the solution first (dotnet build -c {configuration})");
    }

    private static string FindDotnet()
    {
        // <dotnet>/shared/Microsoft.NETCore.App/<version>/
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }
}
