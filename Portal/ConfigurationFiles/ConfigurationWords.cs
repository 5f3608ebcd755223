using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Components.Formats;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>Imports and revisions in words.</summary>
public static class ConfigurationWords
{
    /// <summary>What an import does, in one sentence.</summary>
    public static string Summary(ConfigurationImport import)
    {
        ArgumentNullException.ThrowIfNull(import);
        if (import.Changes.Count == 0) return "Nothing would change: the configuration is like this already.";
        List<string> parts = [];
        Add(import.Created, "new thing", "new things");
        Add(import.Changed, "thing changes", "things change");
        Add(import.Ended, "thing ends", "things end");
        Add(import.Unchanged, "stays as it is", "stay as they are");
        return $"{string.Join(", ", parts)}.";

        void Add(int count, string one, string many)
        {
            if (count > 0) parts.Add(Count(count, one, many));
        }
    }

    /// <summary>What becomes of a thing.</summary>
    public static string Outcome(string outcome) => outcome switch
    {
        "create" => "New",
        "change" => "Changes",
        "archive" => "Archived",
        "abort" => "Aborted",
        _ => "Deleted",
    };

    /// <summary>What a revision was.</summary>
    public static string Of(ConfigurationRevision revision)
    {
        ArgumentNullException.ThrowIfNull(revision);
        if (revision.RolledBackTo is { } to) return $"Rolled back to revision {to}";
        if (revision.File is { } file) return $"Import of {file}";
        var actions = string.Join(", ", revision.Actions.Take(3).Select(AuditWords.Done));
        if (revision.Actions.Count > 3) actions += " and more";
        return revision.Name is { } name ? $"{actions}: {name}" : actions;
    }

    /// <summary>How many, with the word that fits.</summary>
    public static string Count(int count, string one, string many) => $"{Quantity.Exact(count)} {(count == 1 ? one : many)}";
}
