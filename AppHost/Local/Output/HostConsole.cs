namespace AspireGateway.AppHost.Local.Output;

/// <summary>
/// The one writer to the terminal. Each line carries the name of the resource that said it, in that resource's colour where
/// the output is a terminal and <c>NO_COLOR</c> is not set (no-color.org).
/// </summary>
internal sealed class HostConsole(TextWriter output, TextWriter error, bool colour)
{
    /// <summary>The name under which the host itself speaks.</summary>
    public const string HostName = "apphost";

    private const int NameWidth = 10;
    private static readonly string[] s_palette = ["36", "32", "33", "35", "34", "96", "92", "93", "95", "94"];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _colours = new(StringComparer.Ordinal);

    /// <summary>A console on the process' own streams.</summary>
    public static HostConsole ForProcess()
    {
        var colour = !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new HostConsole(Console.Out, Console.Error, colour);
    }

    /// <summary>A line of a resource's log.</summary>
    public void Log(string resource, string line)
    {
        var text = LogLine.Printable(line);
        lock (_gate)
        {
            var name = resource.PadRight(NameWidth);
            Write(output, colour ? $"\e[{ColourOf(resource)}m{name}|\e[0m {text}" : $"{name}| {text}");
        }
    }

    /// <summary>A line of the host's own.</summary>
    public void Say(string line) => Log(HostName, line);

    /// <summary>Text as it is, without a name before it.</summary>
    public void Plain(string text)
    {
        lock (_gate)
            Write(output, text);
    }

    /// <summary>The one line that says why the host gives up, and what to do.</summary>
    public void Error(string line)
    {
        lock (_gate)
            Write(error, colour && !Console.IsErrorRedirected ? $"\e[31merror:\e[0m {line}" : $"error: {line}");
    }

    private string ColourOf(string resource)
    {
        if (!_colours.TryGetValue(resource, out var code))
            _colours[resource] = code = s_palette[_colours.Count % s_palette.Length];
        return code;
    }

    private static void Write(TextWriter writer, string text)
    {
        try
        {
            writer.WriteLine(text);
        }
        catch (IOException)
        {
            // The reader of the pipe has gone (`run.sh | head`): the services go on without an audience.
        }
    }
}
