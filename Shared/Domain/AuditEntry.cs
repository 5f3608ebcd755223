namespace AspireGateway.Shared.Domain;

/// <summary>One change of configuration: who, what, before and after. Written in the transaction of the change itself.</summary>
public sealed class AuditEntry
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The organisation concerned; null for the installation itself.</summary>
    public Guid? OrganisationId { get; set; }

    /// <summary>Who: a user's address, <c>admin-token</c>, or <c>seed</c>; with the name of the access token, where one was shown.</summary>
    public required string Actor { get; set; }

    /// <summary>What was done, e.g. <c>virtual_key.issue</c>.</summary>
    public required string Action { get; set; }

    /// <summary>Kind of the thing changed; one of <see cref="ConfigurationKinds"/>.</summary>
    public required string TargetKind { get; set; }

    /// <summary>The thing changed.</summary>
    public Guid TargetId { get; set; }

    /// <summary>The thing before, as JSON without secrets; null when it was created.</summary>
    public string? Before { get; set; }

    /// <summary>The thing after, as JSON without secrets; null when it was deleted.</summary>
    public string? After { get; set; }

    /// <summary>The configuration revision that the change made.</summary>
    public long Revision { get; set; }

    /// <summary>Where the request came from.</summary>
    public string? RemoteAddress { get; set; }

    /// <summary>The earlier change that this one took back; null = it is a change of its own.</summary>
    public Guid? Undoes { get; set; }
}
