using System.Globalization;
using System.Text.Json;
using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Digests;
using AspireGateway.Portal.Api;

namespace AspireGateway.Portal.Webhooks.Channels;

/// <summary>An event as people read it in a chat or a mail.</summary>
/// <param name="Title">What happened, one line.</param>
/// <param name="Text">Its numbers in a sentence; null = the facts say it.</param>
/// <param name="Facts">Names and values.</param>
internal sealed record ChannelMessage(string Title, string? Text, IReadOnlyList<(string Name, string Value)> Facts)
{
    /// <summary>The whole as a document, where it is more than a message; null = it is not.</summary>
    public string? Html { get; init; }

    private const int MaxFacts = 10, MaxValue = 300;

    /// <summary>Of an event's payload as webhooks get it. Values are texts, numbers and truths; what is nested stays in the generic form.</summary>
    public static ChannelMessage Of(string payload)
    {
        using var document = JsonDocument.Parse(payload);
        var type = document.RootElement.GetProperty("type").GetString() ?? "";
        var data = document.RootElement.TryGetProperty("data", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : default;
        if (type is WebhookEvents.DigestDaily or WebhookEvents.DigestWeekly && data.Deserialize(ApiJson.Default.DigestDocument) is { } digest)
            return new(digest.Title, null, digest.Sections is [var first, ..] ? [.. first.Rows.Where(r => r.Count > 1).Select(r => (r[0], r[1]))] : []) { Html = DigestHtml.Render(digest) };
        if (type == WebhookEvents.AlertRaised && data.ValueKind == JsonValueKind.Object) return OfAlert(data);
        List<(string, string)> facts = [];
        if (data.ValueKind == JsonValueKind.Object)
            foreach (var property in data.EnumerateObject())
                if (facts.Count < MaxFacts && !property.NameEquals("id") && !property.Name.EndsWith("_id", StringComparison.Ordinal) && Value(property.Value) is { } value)
                    facts.Add((Name(property.Name), value));
        return new(WebhookWords.Of(type), null, facts);
    }

    private static ChannelMessage OfAlert(JsonElement data)
    {
        var alert = new AlertRow
        {
            Id = data.GetProperty("id").GetGuid(), Kind = TextOf(data, "kind") ?? "", Subject = TextOf(data, "subject") ?? "", SubjectName = TextOf(data, "subject_name"), Tier = TextOf(data, "tier") ?? AlertTiers.Page,
            Value = NumberOf(data, "value"), Latest = NumberOf(data, "value"), Usual = NumberOf(data, "usual"), Threshold = NumberOf(data, "threshold"), Samples = 0, OpenedAt = default,
        };
        var done = data.TryGetProperty("action", out var action) && action.ValueKind == JsonValueKind.Object ? $" {BrakeWords.Done(BrakeOf(action), DateTimeOffset.MinValue, TimeZoneInfo.Utc)}." : "";
        return new(AlertKinds.Title(alert), AlertKinds.Numbers(alert) + "." + done,
            [("Organisation", TextOf(data, "organization") ?? ""), ("Tier", alert.Tier == AlertTiers.Page ? "now" : "today"), ("Runbook", AlertKinds.Runbook(alert.Kind))]);
    }

    private static KeyBrakeDetails BrakeOf(JsonElement action) => new()
    {
        Id = default, ScopeId = "", AlertId = default, Reason = "", Kind = TextOf(action, "kind") ?? "", RequestsPerMinute = (int)NumberOf(action, "requests_per_minute"),
        CreatedAt = MomentOf(action, "since") ?? default, Until = MomentOf(action, "until"),
    };

    private static DateTimeOffset? MomentOf(JsonElement data, string field) => data.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetDateTimeOffset() : null;

    private static string? TextOf(JsonElement data, string field) => data.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double NumberOf(JsonElement data, string field) => data.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;

    private static string? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text.Length > MaxValue ? text[..MaxValue] + "…" : text : null,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => null,
    };

    private static string Name(string field) => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(field[0])}{field[1..].Replace('_', ' ')}");
}
