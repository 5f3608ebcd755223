namespace AspireGateway.Portal.RollUps;

/// <summary>A property of requests that usage is summed by.</summary>
/// <param name="Number">Its number in the tables; never used for another.</param>
/// <param name="Name">Its name, as in <c>group_by</c>.</param>
/// <param name="OfRecord">Its value in a record with the alias <c>u</c>, as a text; never null.</param>
/// <param name="Cube">Its column of the cube; null = too many values to stand in it.</param>
/// <param name="PerTeam">Whether its sums are kept for each team too.</param>
/// <param name="HasLatencies">Whether the latencies of its values are kept.</param>
internal sealed record Facet(short Number, string Name, string OfRecord, string? Cube, bool PerTeam, bool HasLatencies)
{
    /// <summary>The record's column, for conditions that an index may serve.</summary>
    public string Column { get; init; } = OfRecord;

    /// <summary>Whether the sums of its days are kept for each team and value, so that the teams of a value, and the values of a team, are found without the cube.</summary>
    public bool HasTeamDays { get; init; }

    /// <summary>Whether the values are ids.</summary>
    public bool IsId { get; init; }

    /// <summary>All requests.</summary>
    public static readonly Facet Total = new(0, "total", "''", null, false, true);

    /// <summary>The key's team.</summary>
    public static readonly Facet Team = new(1, "team", "u.team_id::text", "team_id", false, false) { Column = "u.team_id", IsId = true };

    /// <summary>The virtual key.</summary>
    public static readonly Facet Key = new(3, "key", "u.key_id::text", null, true, false) { Column = "u.key_id", IsId = true };

    /// <summary>The caller's tags, each as <c>name=value</c>: a request may have several, so it has no one value.</summary>
    public static readonly Facet Tag = new(13, "tag", "", null, true, false);

    /// <summary>Every facet but <see cref="Tag"/>.</summary>
    public static readonly IReadOnlyList<Facet> OfOneValue =
    [
        Total,
        Team,
        new(2, "user", "coalesce(u.user_id, '')", null, true, false) { Column = "u.user_id" },
        Key,
        new(4, "feature", "coalesce(u.feature, '')", "feature", false, true) { Column = "u.feature", HasTeamDays = true },
        new(5, "agent", "coalesce(u.agent, '')", "agent", false, true) { Column = "u.agent" },
        new(6, "model", "coalesce(u.model, '')", "model", false, true) { Column = "u.model", HasTeamDays = true },
        new(7, "provider", "coalesce(u.provider, '')", "provider", false, true) { Column = "u.provider", HasTeamDays = true },
        new(8, "deployment", "coalesce(u.deployment, '')", "deployment", false, true) { Column = "u.deployment" },
        new(9, "route", "u.route", "route", false, true),
        new(10, "task", "coalesce(u.task, '')", "task", false, true) { Column = "u.task" },
        new(11, "status", "u.status", "status", false, false),
        new(12, "cache", "coalesce(u.cache_hit, '')", "cache", false, false) { Column = "u.cache_hit" },
    ];

    /// <summary>The facet of that name; null = there is none.</summary>
    public static Facet? Of(string name) => name == Tag.Name ? Tag : OfOneValue.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal));
}
