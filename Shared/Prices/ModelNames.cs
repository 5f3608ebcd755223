using System.Text.RegularExpressions;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Shared.Prices;

/// <summary>Names of providers and models as price files have them, in our terms.</summary>
internal static partial class ModelNames
{
    private static readonly Dictionary<string, string> Families = new(StringComparer.Ordinal)
    {
        ["openai"] = Protocols.OpenAi, ["text-completion-openai"] = Protocols.OpenAi, ["anthropic"] = Protocols.Anthropic, ["gemini"] = Protocols.Gemini,
        ["bedrock"] = Protocols.Bedrock, ["bedrock_converse"] = Protocols.Bedrock, ["azure"] = Protocols.AzureOpenAi, ["azure_text"] = Protocols.AzureOpenAi,
        ["together_ai"] = Protocols.Together, ["hosted_vllm"] = Protocols.Vllm, ["ollama_chat"] = Protocols.Ollama,
    };

    /// <summary>The protocol of a file's provider; others keep their name, so that nothing of the file is lost.</summary>
    public static string ProtocolOf(string provider) =>
        Families.TryGetValue(provider, out var protocol) ? protocol : provider.StartsWith("vertex_ai", StringComparison.Ordinal) ? Protocols.Vertex : provider;

    /// <summary>The provider's own name in a file's key: without the prefix that names the provider.</summary>
    public static string ModelOf(string key, string provider)
    {
        foreach (var prefix in (ReadOnlySpan<string>)[provider, provider.StartsWith("vertex_ai", StringComparison.Ordinal) ? "vertex_ai" : "", provider == "bedrock_converse" ? "bedrock" : ""])
            if (prefix.Length > 0 && key.Length > prefix.Length + 1 && key[prefix.Length] == '/' && key.StartsWith(prefix, StringComparison.Ordinal))
                return key[(prefix.Length + 1)..];
        return key;
    }

    /// <summary>The names under which a provider's model may stand in a book, the exact one first.</summary>
    public static IEnumerable<string> Candidates(string protocol, string model)
    {
        yield return model;
        var undated = Version().Replace(model, "");
        if (undated.Length > 0 && undated != model) yield return undated;
        if (protocol != Protocols.Bedrock) yield break;
        var global = Region().Replace(model, "");
        if (global == model) yield break;
        yield return global;
        yield return "us." + global;
    }

    // gpt-4o-2024-08-06, claude-sonnet-4-5-20250929, claude-sonnet-4-5@20250929
    [GeneratedRegex("[-@](?:20[0-9]{2}-[0-9]{2}-[0-9]{2}|20[0-9]{6})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Version();

    [GeneratedRegex("^(?:us|eu|apac|jp|au|ca|us-gov|global)[.]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Region();
}
