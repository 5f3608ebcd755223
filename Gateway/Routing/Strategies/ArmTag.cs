using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>
/// Puts a request's arm of an A/B test or a canary among its tags, so that its usage record has it: <c>ab:</c> and the deployment's name, <c>canary</c> or
/// <c>baseline</c>. Callers cannot set this tag.
/// </summary>
internal static class ArmTag
{
    /// <summary>The tag's name.</summary>
    public const string Name = ReservedPrefix + "arm";

    /// <summary>What names of the gateway's own tags begin with.</summary>
    public const string ReservedPrefix = "gateway.";

    private const string Start = "{\"" + Name + "\":\"";

    /// <summary>Sets the arm, or takes an earlier one out: a request can be planned anew at a cheaper model.</summary>
    /// <param name="facts">The request; null = nobody asks, it is only looked at.</param>
    /// <param name="arm">The arm; null = it has none. Of letters, digits and <c>. _ : -</c>.</param>
    public static void Note(RequestFacts? facts, string? arm)
    {
        if (facts is null || (arm is null && facts.Tags is null)) return;
        var own = Without(facts.Tags);
        facts.Tags = arm is null ? own : own is null ? $"{Start}{arm}\"}}" : $"{Start}{arm}\",{own[1..]}";
    }

    // Always the first one; the value has no escape.
    private static string? Without(string? tags)
    {
        if (tags is null || !tags.StartsWith(Start, StringComparison.Ordinal)) return tags;
        var end = tags.IndexOf('"', Start.Length) + 1;
        return tags[end] == ',' ? "{" + tags[(end + 1)..] : null;
    }
}
