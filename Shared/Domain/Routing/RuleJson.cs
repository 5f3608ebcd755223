using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Routing;

/// <summary>JSON of rules as the database keeps them; a field that is not known makes the rule a fault rather than a wider rule.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RuleConditions))]
[JsonSerializable(typeof(RuleAction))]
public sealed partial class RuleJson : JsonSerializerContext;
