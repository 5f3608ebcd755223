using System.Text.Json.Serialization;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Shared.Data;

/// <summary>JSON of the columns that hold JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PriceComponents))]
[JsonSerializable(typeof(RecordedUnits))]
[JsonSerializable(typeof(Domain.Reliability.ModelReliability))]
[JsonSerializable(typeof(Domain.Reliability.BreakerSettings))]
[JsonSerializable(typeof(Domain.Quality.QualityBars))]
[JsonSerializable(typeof(Domain.Routing.CascadeSettings))]
[JsonSerializable(typeof(Domain.Guardrails.GuardrailSettings))]
[JsonSerializable(typeof(Domain.Caching.CacheSettings))]
[JsonSerializable(typeof(Domain.Content.ContentSettings))]
[JsonSerializable(typeof(Domain.Anomalies.AnomalySettings))]
public sealed partial class DataJson : JsonSerializerContext;
