using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>What a caller shows that somebody let the request pass: tickets of granted approvals and released quarantines, separated by commas.</summary>
internal static class Tickets
{
    /// <summary>The header that they stand in.</summary>
    public const string Header = "x-gateway-approval";

    // One of each kind, and room for a mistake.
    private const int Most = 4;

    /// <summary>Reads them; none when the header is missing.</summary>
    /// <returns>What is wrong with them; null = nothing is.</returns>
    public static Refusal? Read(IHeaderDictionary headers, out Guid[] tickets)
    {
        tickets = [];
        if (!headers.TryGetValue(Header, out var given)) return null;
        var words = given.ToString().Split(',', Most + 1, StringSplitOptions.TrimEntries);
        if (words.Length > Most) return Malformed();
        tickets = new Guid[words.Length];
        for (var i = 0; i < words.Length; i++)
            if (!Guid.TryParse(words[i], out tickets[i])) return Malformed();
        return null;
    }

    private static Refusal Malformed() =>
        Refusal.InvalidRequest($"Header '{Header}' must be the ticket of an approval or of a released quarantine; up to {Most} are separated by commas.", Header);
}
