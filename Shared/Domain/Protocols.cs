namespace AspireGateway.Shared.Domain;

/// <summary>Wire protocols that gateways speak to providers; names of the gateway's provider modules.</summary>
public static class Protocols
{
    /// <summary>OpenAI's, which many vendors offer.</summary>
    public const string OpenAi = "openai";

    /// <summary>Anthropic's messages.</summary>
    public const string Anthropic = "anthropic";

    /// <summary>Google's generateContent with an API key.</summary>
    public const string Gemini = "gemini";

    /// <summary>Google's generateContent on Vertex AI.</summary>
    public const string Vertex = "vertex";

    /// <summary>AWS Bedrock's Converse.</summary>
    public const string Bedrock = "bedrock";

    /// <summary>OpenAI's models on Azure: deployments and API versions.</summary>
    public const string AzureOpenAi = "azure-openai";

    /// <summary>vLLM, compatible with OpenAI.</summary>
    public const string Vllm = "vllm";

    /// <summary>Ollama, compatible with OpenAI.</summary>
    public const string Ollama = "ollama";

    /// <summary>Groq, compatible with OpenAI.</summary>
    public const string Groq = "groq";

    /// <summary>Mistral, compatible with OpenAI.</summary>
    public const string Mistral = "mistral";

    /// <summary>DeepSeek, compatible with OpenAI.</summary>
    public const string DeepSeek = "deepseek";

    /// <summary>Together, compatible with OpenAI.</summary>
    public const string Together = "together";

    /// <summary>OpenRouter, compatible with OpenAI.</summary>
    public const string OpenRouter = "openrouter";

    /// <summary>xAI, compatible with OpenAI.</summary>
    public const string XAi = "xai";

    /// <summary>Cerebras, compatible with OpenAI.</summary>
    public const string Cerebras = "cerebras";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
        [OpenAi, Anthropic, Gemini, Vertex, Bedrock, AzureOpenAi, Vllm, Ollama, Groq, Mistral, DeepSeek, Together, OpenRouter, XAi, Cerebras];
}
