using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Providers;

/// <summary>A protocol as the provider form offers it.</summary>
/// <param name="Protocol">Its name; of <see cref="Protocols"/>.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Address">Where its vendor serves it; null = everyone has an address of their own.</param>
/// <param name="Example">Shape of the address.</param>
/// <param name="IsPrivate">Whether it usually runs in one's own network.</param>
/// <param name="Secret">What a credential holds, where it is no plain key.</param>
public sealed record ProtocolDefaults(string Protocol, string Label, string? Address, string Example, bool IsPrivate = false, string? Secret = null)
{
    /// <summary>All protocols, in the order in which the form offers them.</summary>
    public static IReadOnlyList<ProtocolDefaults> All { get; } =
    [
        Of(Protocols.OpenAi, "OpenAI, or compatible with it", "https://api.openai.com/v1"),
        Of(Protocols.Anthropic, "Anthropic", "https://api.anthropic.com/v1"),
        Of(Protocols.Gemini, "Google Gemini", "https://generativelanguage.googleapis.com/v1beta"),
        new(Protocols.Vertex, "Google Vertex AI", null, "https://europe-west4-aiplatform.googleapis.com/v1/projects/PROJECT/locations/europe-west4",
            Secret: "The service account's JSON key."),
        new(Protocols.Bedrock, "AWS Bedrock", null, "https://bedrock-runtime.eu-central-1.amazonaws.com",
            Secret: """AWS's key pair as JSON: {"access_key_id": "...", "secret_access_key": "..."}, with session_token where there is one."""),
        new(Protocols.AzureOpenAi, "Azure OpenAI", null, "https://RESOURCE.openai.azure.com"),
        Of(Protocols.Groq, "Groq", "https://api.groq.com/openai/v1"),
        Of(Protocols.Mistral, "Mistral", "https://api.mistral.ai/v1"),
        Of(Protocols.DeepSeek, "DeepSeek", "https://api.deepseek.com/v1"),
        Of(Protocols.Together, "Together", "https://api.together.xyz/v1"),
        Of(Protocols.OpenRouter, "OpenRouter", "https://openrouter.ai/api/v1"),
        Of(Protocols.XAi, "xAI", "https://api.x.ai/v1"),
        Of(Protocols.Cerebras, "Cerebras", "https://api.cerebras.ai/v1"),
        new(Protocols.Vllm, "vLLM", null, "http://vllm.internal:8000/v1", IsPrivate: true),
        new(Protocols.Ollama, "Ollama", null, "http://ollama.internal:11434/v1", IsPrivate: true),
    ];

    /// <summary>What is known of a protocol; null = no form offers it.</summary>
    public static ProtocolDefaults? Find(string? protocol) => All.FirstOrDefault(p => p.Protocol == protocol);

    private static ProtocolDefaults Of(string protocol, string label, string address) => new(protocol, label, address, address);
}
