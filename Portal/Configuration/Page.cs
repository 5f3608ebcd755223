namespace AspireGateway.Portal.Configuration;

/// <summary>A page of a list, walked by key: no page gets slower the deeper it lies.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="Items">The rows, at most the limit.</param>
/// <param name="Next">Pass it as <c>after</c> to get the next page; null = this is the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>How long pages may be.</summary>
public static class PageSize
{
    /// <summary>Rows where the caller names no number.</summary>
    public const int Default = 50;

    /// <summary>Most rows of one page.</summary>
    public const int Max = 200;

    /// <summary>Makes a page of rows of which one more than the limit was asked for.</summary>
    public static Page<T> Page<T>(List<T> rows, int limit, Func<T, string> cursor) =>
        rows.Count > limit ? new(rows.GetRange(0, limit), cursor(rows[limit - 1])) : new(rows, null);

    /// <summary>The caller's wish within the bounds.</summary>
    public static int Of(int? limit) => Math.Clamp(limit ?? Default, 1, Max);
}
