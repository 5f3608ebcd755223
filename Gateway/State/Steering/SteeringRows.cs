using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.State.Steering;

/// <summary>The rows of one organisation that steer its requests: residency, pins, canaries, guardrails, their checks, caching, and content. Read as one JSON document, so that the catalog's reader has one column for all.</summary>
/// <param name="Residency">Regions of the organisation, its data classes, users and features.</param>
/// <param name="Pins">Version pins.</param>
/// <param name="Canaries">Running canaries that did not roll themselves back.</param>
/// <param name="Guardrails">Guardrail policies.</param>
/// <param name="Checks">Checks outside of the gateway.</param>
/// <param name="Caching">Cache policies.</param>
/// <param name="Content">Content policies.</param>
internal sealed record SteeringRows(
    ResidencyRow[]? Residency = null, PinRow[]? Pins = null, CanaryRow[]? Canaries = null, GuardrailRow[]? Guardrails = null, CheckRow[]? Checks = null, CacheRow[]? Caching = null,
    ContentRow[]? Content = null)
{
    /// <summary>
    /// The document by organisation; takes the organisations' ids as <c>$1</c>. Sorted within, so that equal rows are equal text. One <c>json_agg</c> a table; null where it has no row.
    /// </summary>
    public const string Query =
        """
        select o.id, json_build_object(
            'residency', (select json_agg(json_build_object('kind', r.scope_kind, 'id', r.scope_id, 'regions', r.regions) order by r.scope_kind, r.scope_id)
                from residency_rules r where r.organisation_id = o.id),
            'pins', (select json_agg(json_build_object('id', p.id, 'scope_kind', p.scope_kind, 'scope_id', p.scope_id, 'model', p.model, 'deployment', p.deployment_id,
                    'version', p.version, 'served_as', p.served_as, 'on_unavailable', p.on_unavailable) order by p.id)
                from pins p where p.organisation_id = o.id),
            'canaries', (select json_agg(json_build_object('id', c.id, 'model', c.model, 'deployment', c.deployment_id, 'sticky', c.sticky, 'shares', c.shares,
                    'dwell_seconds', c.dwell_seconds, 'min_requests', c.min_requests, 'max_error_increase', c.max_error_increase, 'max_latency_ratio', c.max_latency_ratio,
                    'max_cost_ratio', c.max_cost_ratio, 'max_quality_drop', c.max_quality_drop) order by c.id)
                from canaries c where c.organisation_id = o.id and c.status = 'running'
                    and not exists (select from steering_events e where e.subject_id = c.id and e.type = 'canary.trip')),
            'guardrails', (select json_agg(json_build_object('kind', g.scope_kind, 'id', g.scope_id, 'settings', g.settings) order by g.scope_kind, g.scope_id)
                from guardrail_policies g where g.organisation_id = o.id),
            'checks', (select json_agg(json_build_object('id', k.id, 'name', k.name, 'kind', k.kind, 'url', k.url, 'model', k.model, 'is_private', k.is_private,
                    'secret', translate(encode(k.secret_envelope, 'base64'), E'\n', ''), 'time_limit_ms', k.time_limit_ms, 'on_error', k.on_error, 'applies_to', k.applies_to,
                    'max_characters', k.max_characters, 'regions', k.regions) order by k.id)
                from guardrail_checks k where k.organisation_id = o.id),
            'caching', (select json_agg(json_build_object('kind', c.scope_kind, 'id', c.scope_id, 'settings', c.settings) order by c.scope_kind, c.scope_id)
                from cache_policies c where c.organisation_id = o.id),
            'content', (select json_agg(json_build_object('kind', c.scope_kind, 'id', c.scope_id, 'settings', c.settings) order by c.scope_kind, c.scope_id)
                from content_policies c where c.organisation_id = o.id)
            )::text
        from organisations o where o.id = any($1)
        """;
}

/// <summary>A row of <c>residency_rules</c>.</summary>
/// <param name="Kind">Of <see cref="Shared.Domain.Routing.ResidencyScopes"/>.</param>
/// <param name="Id">Which one; null for the organisation.</param>
/// <param name="Regions">Region patterns.</param>
internal sealed record ResidencyRow(string Kind, string? Id, string[] Regions);

/// <summary>A row of <c>pins</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ScopeKind">Of <see cref="Shared.Domain.Routing.PinScopes"/>.</param>
/// <param name="ScopeId">Which one; null = everybody's requests for the model.</param>
/// <param name="Model">The logical model.</param>
/// <param name="Deployment">Where it goes.</param>
/// <param name="Version">What the provider is asked for.</param>
/// <param name="ServedAs">What replies call it; null = the same.</param>
/// <param name="OnUnavailable">Of <see cref="Shared.Domain.Routing.PinPolicies"/>.</param>
internal sealed record PinRow(Guid Id, string ScopeKind, string? ScopeId, string Model, Guid Deployment, string Version, string? ServedAs, string OnUnavailable);

/// <summary>A row of <c>canaries</c>; see <see cref="Shared.Domain.Routing.Canary"/>.</summary>
internal sealed record CanaryRow(
    Guid Id, string Model, Guid Deployment, string Sticky, int[] Shares, int[] DwellSeconds, int MinRequests, double? MaxErrorIncrease, double? MaxLatencyRatio,
    double? MaxCostRatio, double? MaxQualityDrop);

/// <summary>A row of <c>guardrail_policies</c>.</summary>
/// <param name="Kind">Of <see cref="Shared.Domain.Guardrails.GuardrailScopes"/>.</param>
/// <param name="Id">Which one; null for the organisation.</param>
/// <param name="Settings">What each guardrail does.</param>
internal sealed record GuardrailRow(string Kind, string? Id, Shared.Domain.Guardrails.GuardrailSettings Settings);

/// <summary>A row of <c>cache_policies</c>.</summary>
/// <param name="Kind">Of <see cref="Shared.Domain.Caching.CachePolicyScopes"/>.</param>
/// <param name="Id">Which one; null for the organisation.</param>
/// <param name="Settings">What holds there.</param>
internal sealed record CacheRow(string Kind, string? Id, Shared.Domain.Caching.CacheSettings Settings);

/// <summary>A row of <c>content_policies</c>.</summary>
/// <param name="Kind">Of <see cref="Shared.Domain.Content.ContentScopes"/>.</param>
/// <param name="Id">Which one; null for the organisation.</param>
/// <param name="Settings">What holds there.</param>
internal sealed record ContentRow(string Kind, string? Id, Shared.Domain.Content.ContentSettings Settings);

/// <summary>A row of <c>guardrail_checks</c>; see <see cref="Shared.Domain.Guardrails.GuardrailCheck"/>.</summary>
internal sealed record CheckRow(
    Guid Id, string Name, string Kind, string Url, string? Model, bool IsPrivate, byte[]? Secret, int TimeLimitMs, string OnError, string AppliesTo, int MaxCharacters, string[] Regions);

/// <summary>JSON of the document.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SteeringRows))]
internal sealed partial class SteeringJson : JsonSerializerContext;
