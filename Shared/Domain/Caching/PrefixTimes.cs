namespace AspireGateway.Shared.Domain.Caching;

/// <summary>How long a provider is asked to keep a beginning after its last use.</summary>
public static class PrefixTimes
{
    /// <summary>Five minutes: what every provider of marked beginnings has.</summary>
    public const string FiveMinutes = "5m";

    /// <summary>One hour, at a higher price of writing; five minutes where a model has no such thing.</summary>
    public const string Hour = "1h";

    /// <summary>All of them, the shorter first.</summary>
    public static readonly IReadOnlyList<string> All = [FiveMinutes, Hour];
}
