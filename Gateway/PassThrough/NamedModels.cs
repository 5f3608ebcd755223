using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>Which models a request to a provider's own API names, and whether it asks them to do work.</summary>
internal static class NamedModels
{
    // Where the body's (or form's) "model" is what runs.
    private static readonly string[] BodyRoutes =
    [
        "/chat/completions", "/completions", "/embeddings", "/responses", "/messages", "/messages/count_tokens", "/moderations", "/images/generations",
        "/images/edits", "/images/variations", "/audio/speech", "/audio/transcriptions", "/audio/translations", "/rerank",
    ];

    private static readonly string[] BedrockVerbs = ["converse", "converse-stream", "invoke", "invoke-with-response-stream"];

    /// <summary>Finds them.</summary>
    /// <param name="path">The path behind the provider.</param>
    /// <param name="inBody">The model that the body names; null = none.</param>
    /// <param name="isInference">Whether the named models are certainly those that the request will use.</param>
    /// <returns>The names; the first is the one to price by.</returns>
    public static List<string> In(ForwardPath path, string? inBody, out bool isInference)
    {
        var names = new List<string>(2);
        isInference = false;
        var segments = path.Path[1..].Split('/');
        for (var i = 0; i + 1 < segments.Length; i++)
        {
            var next = Uri.UnescapeDataString(segments[i + 1]);
            // Gemini: models/{model}:verb, or models/{model} to look at it.
            if (segments[i] == "models")
            {
                var colon = next.LastIndexOf(':');
                Add(names, colon < 0 ? next : next[..colon]);
                isInference |= colon >= 0 && i + 2 == segments.Length;
            }
            // Azure: deployments/{deployment}/operation.
            else if (segments[i] == "deployments" && i + 2 < segments.Length)
            {
                Add(names, next);
                isInference |= EndsInBodyRoute(path.Path);
            }
            // Bedrock: model/{model}/verb.
            else if (segments[i] == "model" && i + 3 == segments.Length)
            {
                Add(names, next);
                isInference |= Array.IndexOf(BedrockVerbs, segments[i + 2]) >= 0;
            }
        }
        if (path.Query.Length > 0 && QueryHelpers.ParseQuery(path.Query).TryGetValue("model", out var asked) && segments[^1] == "realtime")
        {
            foreach (var name in asked) Add(names, name);
            isInference = asked.Count == 1;
        }
        if (!string.IsNullOrEmpty(inBody))
        {
            Add(names, inBody);
            isInference |= EndsInBodyRoute(path.Path);
        }
        return names;
    }

    private static bool EndsInBodyRoute(string path) => Array.Exists(BodyRoutes, route => path.EndsWith(route, StringComparison.Ordinal));

    private static void Add(List<string> names, string? name)
    {
        if (!string.IsNullOrEmpty(name) && !names.Contains(name)) names.Add(name);
    }
}
