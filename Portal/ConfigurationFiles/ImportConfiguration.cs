using System.Text;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.ConfigurationFiles.Yaml;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>Brings a configuration file in. One change: all of it or nothing. For operators and organisation admins.</summary>
public sealed class ImportConfiguration
{
    private const int MaxFileName = 200;

    private readonly ConfigurationChanger changer;
    private readonly FileKinds kinds;

    internal ImportConfiguration(ConfigurationChanger changer, FileKinds kinds) => (this.changer, this.kinds) = (changer, kinds);

    /// <summary>Longest file, in bytes.</summary>
    public const int MaxBytes = YamlReader.MaxBytes;

    /// <summary>Imports the file, or says what would change.</summary>
    /// <param name="actor">Who imports.</param>
    /// <param name="file">The file, in UTF-8.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellationToken">Ends it before the commit; nothing is changed then.</param>
    public async Task<Result<ConfigurationImport>> RunAsync(
        Actor actor, Stream file, ImportConfigurationOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(file);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await file.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes) return new Failure.Invalid([new("file", $"The file is larger than {MaxBytes / 1024 / 1024} MB.")]);
        }
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException)
        {
            return new Failure.Invalid([new("file", "The file is not text in UTF-8.")]);
        }
        return await RunAsync(actor, text, options, progress, cancellationToken);
    }

    /// <summary>Imports a text, or says what would change.</summary>
    /// <inheritdoc cref="RunAsync(Actor, Stream, ImportConfigurationOptions, IProgress{ImportProgress}, CancellationToken)" />
    public async Task<Result<ConfigurationImport>> RunAsync(
        Actor actor, string file, ImportConfigurationOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageConfiguration) is { } refusal) return refusal;
        ArgumentNullException.ThrowIfNull(options);
        var wanted = kinds.Read(file);
        if (wanted.Failure is { } faults) return faults;
        var name = new string([.. (options.FileName ?? "").Trim().Where(c => !char.IsControl(c)).Take(MaxFileName)]);
        var wish = new Wish
        {
            Things = wanted.Value, Prune = options.Prune, Sections = wanted.Value.Select(t => t.Kind.Section).ToHashSet(StringComparer.Ordinal), Action = "configuration.import",
            Name = name.Length == 0 ? "configuration.yaml" : name,
        };
        return await changer.RunAsync(actor, (_, _, _) => Task.FromResult<Result<Wish>>(wish), options.Revision, options.DryRun, progress, cancellationToken);
    }
}
