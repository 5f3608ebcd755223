using System.Text.Json.Serialization;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Gateway.Routing.Quality;

/// <summary>An organisation's table of quality as it counts now, what feedback says, and the bars of its models. Read as one JSON document, so that the catalog's reader has one column for all.</summary>
/// <param name="Version">The table's version; null = nothing was published.</param>
/// <param name="Cells">Its cells.</param>
/// <param name="Learned">What feedback says.</param>
/// <param name="Bars">Bars of models that have their own.</param>
internal sealed record QualityRows(int? Version = null, QualityRow[]? Cells = null, QualityRow[]? Learned = null, ModelBarsRow[]? Bars = null)
{
    /// <summary>The document by organisation; takes the organisations' ids as <c>$1</c>. Sorted within, so that equal rows are equal text.</summary>
    public const string Query =
        """
        select o.id, json_build_object(
            'version', v.version,
            'cells', (select json_agg(json_build_object('task', c.task, 'provider', c.provider, 'model', c.model, 'mean', c.mean, 'lower', c.lower, 'upper', c.upper,
                    'samples', c.samples, 'date', c.measured_on, 'source', c.source) order by c.task, c.provider, c.model)
                from quality_cells c where c.version_id = v.id),
            'learned', (select json_agg(json_build_object('task', l.task, 'provider', l.provider, 'model', l.model, 'mean', l.mean, 'lower', l.lower, 'upper', l.upper,
                    'samples', l.votes, 'date', (l.updated_at at time zone 'UTC')::date, 'source', 'feedback') order by l.task, l.provider, l.model)
                from quality_learned l where l.organisation_id = o.id),
            'bars', (select json_agg(json_build_object('model', m.id, 'bars', m.quality) order by m.id)
                from models m where m.organisation_id = o.id and m.quality is not null)
            )::text
        from organisations o
        left join lateral (select q.id, q.version from quality_versions q where q.organisation_id = o.id order by q.version desc limit 1) v on true
        where o.id = any($1)
        """;
}

/// <summary>How well one model does one task; see <see cref="QualityCell"/>.</summary>
internal sealed record QualityRow(string Task, string Provider, string Model, double Mean, double Lower, double Upper, int Samples, DateOnly Date, string Source);

/// <summary>The bars of a logical model.</summary>
internal sealed record ModelBarsRow(Guid Model, QualityBars Bars);

/// <summary>JSON of the document.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(QualityRows))]
internal sealed partial class QualityJson : JsonSerializerContext;
