using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Routes;

/// <summary>A task of an organisation's own as commands, lists and the audit show it.</summary>
public sealed record TaskDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its label in rules and records.</summary>
    public required string Name { get; init; }

    /// <summary>Words and phrases that tell it.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Patterns that tell it.</summary>
    public required IReadOnlyList<string> Patterns { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static TaskDetails Of(RoutingTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new() { Id = task.Id, Name = task.Name, Words = task.Words, Patterns = task.Patterns, CreatedAt = task.CreatedAt, CreatedBy = task.CreatedBy };
    }
}

/// <summary>A task as a whole; it has a word or a pattern at least.</summary>
public sealed record TaskRequest
{
    /// <summary>Its label: letters, digits and . _ : -, none of the classifier's own.</summary>
    public string? Name { get; init; }

    /// <summary>Words and phrases, whole and whatever their case; a star at the end lets a word go on. At most 50.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Regular expressions that need no backtracking, at most 10 of 200 characters.</summary>
    public IReadOnlyList<string>? Patterns { get; init; }
}
