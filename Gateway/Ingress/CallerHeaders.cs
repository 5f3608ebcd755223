using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Reads the caller's <c>x-gateway-*</c> headers into the facts.</summary>
internal static class CallerHeaders
{
    private const int MaxIdLength = 128, MaxTags = 16, MaxTagLength = 128;

    /// <summary>Fills the facts from the headers; null = they are acceptable.</summary>
    public static Refusal? Read(RequestFacts facts, Exchange exchange)
    {
        var headers = exchange.Http.Request.Headers;
        if (ReadId(headers, "x-gateway-feature", out var feature) is { } badFeature) return badFeature;
        if (ReadId(headers, "x-gateway-user", out var user) is { } badUser) return badUser;
        if (ReadId(headers, "x-gateway-agent", out var agent) is { } badAgent) return badAgent;
        if (ReadId(headers, "x-gateway-task", out var task) is { } badTask) return badTask;
        facts.DeclaredTask = task;
        if (ReadId(headers, "x-gateway-data-class", out var dataClass) is { } badClass) return badClass;
        // What the key pins wins: else a caller could book its cost on somebody else's, and limits per user would bind nobody.
        facts.Feature = exchange.Caller!.Key.Feature ?? feature;
        facts.UserId = exchange.Caller.Key.UserId ?? user ?? facts.UserId;
        facts.Agent = exchange.Caller.Key.Agent ?? agent;
        facts.DataClass = dataClass;
        facts.KeyId = exchange.Caller.Key.IdText;
        return ReadTags(headers, facts) ?? ReadTimeout(headers, facts) ?? ReadMetadata(headers, facts) ?? ReadStrict(headers, facts) ?? CacheHeader.Read(headers, facts);
    }

    private static Refusal? ReadId(IHeaderDictionary headers, string name, out string? value)
    {
        value = null;
        if (!headers.TryGetValue(name, out var values)) return null;
        if (values is not [{ Length: > 0 and <= MaxIdLength } given])
            return Refusal.InvalidRequest($"Header '{name}' must be one value of 1 to {MaxIdLength} characters.", name);
        value = given;
        return null;
    }

    private static Refusal? ReadTags(IHeaderDictionary headers, RequestFacts facts)
    {
        const string Name = "x-gateway-tags";
        if (!headers.TryGetValue(Name, out var values)) return null;
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in values.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || pair.Length > MaxTagLength)
                return Refusal.InvalidRequest($"Header '{Name}' must read 'name=value,name=value', each pair at most {MaxTagLength} characters.", Name);
            if (pair.StartsWith(Routing.Strategies.ArmTag.ReservedPrefix, StringComparison.Ordinal))
                return Refusal.InvalidRequest($"Header '{Name}' may not carry tags whose names begin with '{Routing.Strategies.ArmTag.ReservedPrefix}': the gateway sets those. Choose another name.", Name);
            tags[pair[..equals].TrimEnd()] = pair[(equals + 1)..].TrimStart();
        }
        if (tags.Count > MaxTags) return Refusal.InvalidRequest($"Header '{Name}' may carry at most {MaxTags} tags.", Name);
        if (tags.Count == 0) return null;

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var (key, value) in tags) writer.WriteString(key, value);
            writer.WriteEndObject();
        }
        facts.Tags = Encoding.UTF8.GetString(json.WrittenSpan);
        return null;
    }

    private static Refusal? ReadTimeout(IHeaderDictionary headers, RequestFacts facts)
    {
        const string Name = "x-gateway-timeout-ms";
        if (!headers.TryGetValue(Name, out var values)) return null;
        if (!int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) || ms < 1)
            return Refusal.InvalidRequest($"Header '{Name}' must be a whole number of milliseconds, at least 1.", Name);
        facts.Timeout = TimeSpan.FromMilliseconds(ms);
        return null;
    }

    private static Refusal? ReadStrict(IHeaderDictionary headers, RequestFacts facts)
    {
        const string Name = "x-gateway-strict";
        if (!headers.TryGetValue(Name, out var values)) return null;
        if (!bool.TryParse(values.ToString(), out var strict)) return Refusal.InvalidRequest($"Header '{Name}' must be 'true' or 'false'.", Name);
        facts.IsStrict = strict;
        return null;
    }

    private static Refusal? ReadMetadata(IHeaderDictionary headers, RequestFacts facts)
    {
        const string Name = "x-gateway-metadata";
        if (!headers.TryGetValue(Name, out var values)) return null;
        if (!string.Equals(values.ToString(), "body", StringComparison.Ordinal))
            return Refusal.InvalidRequest($"Header '{Name}' knows only the value 'body'.", Name);
        facts.WantsMetadataInBody = true;
        return null;
    }
}
