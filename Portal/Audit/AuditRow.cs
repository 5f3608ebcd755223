using System.Text.Json;

namespace AspireGateway.Portal.Audit;

/// <summary>A change of configuration.</summary>
public sealed record AuditRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done, e.g. <c>virtual_key.issue</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Kind of the thing changed.</summary>
    public required string TargetKind { get; init; }

    /// <summary>The thing changed.</summary>
    public required Guid TargetId { get; init; }

    /// <summary>What it is called; of a thing without a name, what it is set on. Null = neither.</summary>
    public string? TargetName { get; init; }

    /// <summary>The thing before, as JSON; null = it was created.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The thing after, as JSON; null = it was deleted.</summary>
    public JsonElement? After { get; init; }

    /// <summary>The revision it made.</summary>
    public required long Revision { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The earlier change that this one took back; null = it is a change of its own.</summary>
    public Guid? Undoes { get; init; }

    /// <summary>Its number in the chain of its organisation's audit, from 1.</summary>
    public required long Seq { get; init; }

    /// <summary>SHA-256 of the hash before it and of what it says, in hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The later change that took this one back; null = none did.</summary>
    public Guid? UndoneBy { get; init; }
}
