namespace AspireGateway.Shared.Domain.Routing;

/// <summary>Regions in which a scope's requests may be processed. Lists of keys and teams stand with these; all lists of a request hold together.</summary>
public sealed class ResidencyRule
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>What it is set on; of <see cref="ResidencyScopes"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one: a name; null for the organisation.</summary>
    public string? ScopeId { get; set; }

    /// <summary>Region patterns in lower case, exact or with <c>*</c> (<c>eu-*</c>); at least one.</summary>
    public string[] Regions { get; set; } = [];

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>What residency rules are set on.</summary>
public static class ResidencyScopes
{
    /// <summary>Every request of the organisation.</summary>
    public const string Organisation = "organisation";

    /// <summary>Requests that declare a class of data (<c>x-gateway-data-class</c>).</summary>
    public const string DataClass = "data_class";

    /// <summary>Requests of an end user.</summary>
    public const string User = "user";

    /// <summary>Requests of a feature.</summary>
    public const string Feature = "feature";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Organisation, DataClass, User, Feature];
}
