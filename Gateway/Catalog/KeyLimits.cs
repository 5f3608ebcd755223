using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Catalog;

/// <summary>What a key may still use: the limits and budgets of itself, its team, and whom it pins. What the whole organisation spends is not its business.</summary>
internal sealed class KeyLimits(MeterCatalog catalog, LedgerReader reader, TimeProvider time)
{
    /// <summary>The scopes with what the ledger says of them; null readings = it could not be asked.</summary>
    public async ValueTask<(ScopeMeters[] Scopes, (double First, double Second)[]? Readings)> ReadAsync(ConfigurationSnapshot snapshot, Caller caller)
    {
        var now = time.GetUtcNow();
        var scopes = new List<ScopeMeters>();
        Add(ScopeKinds.Key, caller.Key.IdText);
        Add(ScopeKinds.Team, caller.Team.IdText);
        Add(ScopeKinds.User, caller.Key.UserId);
        Add(ScopeKinds.Feature, caller.Key.Feature);
        Add(ScopeKinds.Agent, caller.Key.Agent);
        return ([.. scopes], await reader.ReadAsync(caller.Organisation.Id, [.. scopes.SelectMany(scope => scope.Meters)]));

        void Add(string kind, string? id)
        {
            if (id is not null) scopes.Add(catalog.Of(snapshot.Spending, caller.Organisation, kind, id, now));
        }
    }

    /// <summary>Writes <c>limits</c> and <c>budgets</c>.</summary>
    public void Write(Utf8JsonWriter json, ScopeMeters[] scopes, (double First, double Second)[]? readings)
    {
        var nowUs = reader.NowUs;
        var at = 0;
        var meters = scopes.SelectMany(scope => scope.Meters).Select(meter => (Meter: meter, Reading: readings?[at++])).ToList();
        json.WriteStartArray("limits"u8);
        foreach (var (meter, reading) in meters.Where(m => m.Meter.Limit is not null)) WriteLimit(json, meter, reading, nowUs);
        foreach (var scope in scopes)
            if (scope.OutputTokens is { } output) WriteOutput(json, output.Row.Amount, output.Row.OnLimit);
        json.WriteEndArray();
        json.WriteStartArray("budgets"u8);
        foreach (var (meter, reading) in meters.Where(m => m.Meter.Budget is not null)) WriteBudget(json, meter, reading);
        json.WriteEndArray();
    }

    private static void WriteLimit(Utf8JsonWriter json, Meter meter, (double First, double Second)? reading, double nowUs)
    {
        var row = meter.Limit!.Row;
        json.WriteStartObject();
        json.WriteString("scope"u8, meter.ScopeKind);
        json.WriteString("unit"u8, row.Unit);
        json.WriteNumber("amount"u8, row.Amount);
        if (row.Period is { } period) json.WriteString("period"u8, period);
        if (meter.Limit.Tier is { } tier) json.WriteString("tier"u8, tier);
        json.WriteString("on_limit"u8, row.OnLimit);
        if (meter.Limit.Throttle is { } throttle)
        {
            json.WriteString("reason"u8, "anomaly"u8);
            if (throttle.Until is { } until) json.WriteString("until"u8, until);
        }
        if (reading is { } read)
        {
            var left = meter.Type == LedgerFields.Concurrency ? row.Amount - read.First : (meter.Second - Math.Max(0, read.First - nowUs)) / meter.First;
            json.WriteNumber("remaining"u8, (long)Math.Max(0, Math.Floor(left + 1e-6)));
        }
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, long amount, string onLimit)
    {
        json.WriteStartObject();
        json.WriteString("unit"u8, LimitUnits.OutputTokens);
        json.WriteNumber("amount"u8, amount);
        json.WriteString("on_limit"u8, onLimit);
        json.WriteEndObject();
    }

    private static void WriteBudget(Utf8JsonWriter json, Meter meter, (double First, double Second)? reading)
    {
        json.WriteStartObject();
        json.WriteString("scope"u8, meter.ScopeKind);
        json.WriteString("period"u8, meter.Budget!.Row.Period);
        json.WriteString("cap_usd"u8, UsdFormat.Of(meter.CapNanoUsd));
        json.WriteString("on_exceeded"u8, meter.Budget.Row.OnExceeded);
        if (reading is { } read)
        {
            json.WriteString("settled_usd"u8, UsdFormat.Of((long)read.First));
            json.WriteString("held_usd"u8, UsdFormat.Of((long)read.Second));
            json.WriteString("remaining_usd"u8, UsdFormat.Of(Math.Max(0, meter.CapNanoUsd - (long)read.First - (long)read.Second)));
        }
        if (meter.Window.End < DateTimeOffset.MaxValue) json.WriteString("renews_at"u8, meter.Window.End);
        json.WriteEndObject();
    }
}
