using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Caching.Semantic.Index;

/// <summary>A row that lies close to a question.</summary>
/// <param name="Row">The row.</param>
/// <param name="Similarity">Cosine of the angle between both.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SemanticMatch(SemanticRow Row, float Similarity);
