namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>Where the solution and its programs are, as this test run built them.</summary>
internal static class Builds
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as this assembly was built.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>A program of the solution.</summary>
    public static string Dll(string project)
    {
        var path = Path.Combine(Root, project, "bin", Configuration, "net10.0", Path.GetFileName(project) + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} is not built in {Configuration}.", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AspireGateway.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests do not run below the solution's folder.");
    }
}
