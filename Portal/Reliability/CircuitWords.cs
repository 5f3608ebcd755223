using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Portal.Reliability;

/// <summary>States, failures and times in words.</summary>
internal static class CircuitWords
{
    /// <summary>A state in a word or two.</summary>
    public static string Of(string state) => state switch
    {
        "open" => "Left alone",
        "half_open" => "Being tried",
        "recovering" => "Recovering",
        "resting" => "Resting",
        "standing_in" => "Ramping up",
        "credential_refused" => "Credential refused",
        "taken_out" => "Taken out",
        _ => "Serving",
    };

    /// <summary>What a state means.</summary>
    public static string Hint(string state) => state switch
    {
        "open" => "Its circuit is open: requests go elsewhere until its time is up.",
        "half_open" => "Its time is up: the next request looks how it is.",
        "recovering" => "It answers again and gets a growing share of its requests.",
        "resting" => "Its provider asked to be left alone for a while.",
        "standing_in" => "It stands in for one that is left alone and gets a growing share of its requests; others that can serve take the rest.",
        "credential_refused" => "It leaves this credential alone until its secret is replaced or the time is up; with others of its own it serves on.",
        "taken_out" => "Somebody took it out by hand; it gets nothing until somebody puts it back.",
        _ => "It gets all of its requests.",
    };

    /// <summary>Which style a state has.</summary>
    public static string Style(string state) => state switch
    {
        "open" or "taken_out" or "credential_refused" => "state state-bad",
        "closed" => "state state-good",
        _ => "state state-warn",
    };

    /// <summary>The conditions of a fallback.</summary>
    public static string Conditions(FallbackLeg leg)
    {
        if (!leg.HasCondition) return "5xx, failed connections, time-outs";
        var words = new List<string>();
        if (leg.Status.Count > 0) words.Add(string.Join(", ", leg.Status));
        if (leg.Timeout) words.Add("time-outs");
        if (leg.ContextLength) words.Add("prompt too long");
        if (leg.ContentFilter) words.Add("content filter");
        if (leg.Budget) words.Add("budget used up");
        if (leg.AllFailed) words.Add("all others failed");
        return string.Join(", ", words);
    }

    /// <summary>The times of a model that are not the usual ones.</summary>
    public static string Times(ModelReliability settings)
    {
        var words = new List<string>();
        Add("connect", settings.ConnectTimeoutMs);
        Add("first token", settings.FirstTokenTimeoutMs);
        Add("silence", settings.IdleTimeoutMs);
        Add("all", settings.TotalTimeoutMs);
        Add("prefers those within", settings.LatencyBudgetMs);
        if (settings.Hedge is { } hedge) words.Add($"a second is asked after its p95, {Span(hedge.Floor)} to {Span(hedge.Ceiling)}, for {hedge.Percent} % at most");
        return words.Count == 0 ? "as usual" : string.Join(", ", words);

        static string Span(int ms) => Components.Formats.Quantity.Duration(ms * 1_000L);

        void Add(string what, int? milliseconds)
        {
            if (milliseconds is { } ms) words.Add($"{what} {Components.Formats.Quantity.Duration(ms * 1_000L)}");
        }
    }
}
