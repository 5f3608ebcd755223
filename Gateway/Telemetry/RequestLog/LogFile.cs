namespace AspireGateway.Gateway.Telemetry.RequestLog;

/// <summary>The file that lines go to: appended to, and put aside when it has become too large. Or standard output, which whoever started the process keeps.</summary>
internal sealed class LogFile(RequestLogOptions options) : IDisposable
{
    private readonly long maxBytes = options.MaxMegabytes * 1024L * 1024;
    private Stream? stream;

    /// <summary>Appends whole lines.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (stream is FileStream { Length: var length } && length > 0 && length + lines.Length > maxBytes) PutAside();
        stream ??= Open();
        stream.Write(lines);
        stream.Flush();
    }

    /// <summary>Closes it; the next line opens it again.</summary>
    public void Close()
    {
        stream?.Dispose();
        stream = null;
    }

    /// <inheritdoc />
    public void Dispose() => Close();

    private Stream Open()
    {
        if (options.Path == RequestLogOptions.StandardOutput) return Console.OpenStandardOutput();
        if (Path.GetDirectoryName(Path.GetFullPath(options.Path!)) is { } folder) Directory.CreateDirectory(folder);
        // Others may read it while it is written, and move it away.
        return new FileStream(options.Path!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    // requests.log.1 is the newest of those that were put aside.
    private void PutAside()
    {
        Close();
        for (var i = options.KeepFiles; i > 0; i--)
        {
            var from = i == 1 ? options.Path! : $"{options.Path}.{i - 1}";
            if (File.Exists(from)) File.Move(from, $"{options.Path}.{i}", overwrite: true);
        }
        if (options.KeepFiles == 0) File.Delete(options.Path!);
    }
}
