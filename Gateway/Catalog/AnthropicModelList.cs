using System.Globalization;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Catalog;

/// <summary>The models that a caller may use, in Anthropic's shape (API reference, "List Models"), page by page.</summary>
internal static class AnthropicModelList
{
    private const int UsualLimit = 20, MaxLimit = 1000;

    /// <summary>Writes a page: <c>limit</c> of 1 to 1,000 models behind <c>after_id</c>, or before <c>before_id</c>.</summary>
    public static Refusal? Write(Caller caller, IQueryCollection query, Utf8JsonWriter json)
    {
        var limit = UsualLimit;
        if (query.TryGetValue("limit", out var given)
            && (!int.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            return Refusal.InvalidRequest($"Parameter 'limit' must be a whole number from 1 to {MaxLimit}.", "limit");
        var (after, before) = (query["after_id"].ToString(), query["before_id"].ToString());
        if (after.Length > 0 && before.Length > 0) return Refusal.InvalidRequest("Send 'after_id' or 'before_id', not both.", "before_id");

        var rest = ModelList.Usable(caller).Where(entry =>
            (after.Length == 0 || string.CompareOrdinal(entry.Key, after) > 0) && (before.Length == 0 || string.CompareOrdinal(entry.Key, before) < 0)).ToList();
        // A page before a model is the one next to it.
        var page = before.Length > 0 ? rest.TakeLast(limit).ToList() : rest.Take(limit).ToList();

        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var (name, model) in page) WriteModel(name, model, json);
        json.WriteEndArray();
        json.WriteBoolean("has_more"u8, page.Count < rest.Count);
        json.WriteString("first_id"u8, page.Count > 0 ? page[0].Key : null);
        json.WriteString("last_id"u8, page.Count > 0 ? page[^1].Key : null);
        json.WriteEndObject();
        return null;
    }

    /// <summary>Writes one model, or refuses as if it did not exist when the caller may not use it.</summary>
    public static Refusal? WriteOne(Caller caller, string name, Utf8JsonWriter json)
    {
        if (ModelList.FindUsable(caller, name, out var model) is { } refusal) return refusal;
        WriteModel(name, model!, json);
        return null;
    }

    private static void WriteModel(string name, ModelSnapshot model, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "model"u8);
        json.WriteString("id"u8, name);
        json.WriteString("display_name"u8, name);
        json.WriteString("created_at"u8, model.CreatedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }
}
