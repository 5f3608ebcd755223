using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>How many tokens a picture in a prompt can be at the very most, whatever its size: vendors shrink larger ones.</summary>
internal static class ImageBound
{
    // Anthropic, "Vision": 28 x 28 pixels a token, at most 2,576 pixels on the long edge and 4,784 tokens (older models 1,568 and about 1,600).
    private const long Anthropic = 4_784;
    // Google, "Image understanding": 258 a tile, at most 3,072 pixels on an edge, tiles of 256 to 768 pixels: at most 24 of them. Gemini 3: at most 2,240.
    private const long Google = 24 * 258;
    // OpenAI, "Images and vision": 10,000 patches at most ("original"), times 1.62 for the small models; models with tiles stay below 1,500.
    private const long OpenAi = 16_384;
    // The same page: gpt-4o-mini counts 2,833 and 5,667 a tile, of which there are at most 8.
    private const long OpenAiMini = 2_833 + 8 * 5_667;
    // Qwen-VL, the model with the most: 12,845,056 pixels at 28 x 28 a token.
    private const long Others = 16_384;

    private static readonly string[] OpenAiFamilies = ["gpt-4o", "gpt-4.1", "gpt-4-", "gpt-5", "o1", "o3", "o4", "chatgpt-4o", "computer-use"];

    /// <summary>The bound for one picture, in tokens.</summary>
    public static long Of(DeploymentSnapshot deployment)
    {
        var model = deployment.UpstreamModel;
        if (model.Contains("4o-mini", StringComparison.OrdinalIgnoreCase)) return OpenAiMini;
        return deployment.Provider.Protocol switch
        {
            "anthropic" => Anthropic,
            "bedrock" => model.Contains("anthropic", StringComparison.OrdinalIgnoreCase) ? Anthropic : Others,
            "gemini" or "vertex" => Google,
            // A deployment of Azure may have any name.
            "openai" or "azure-openai" => IsOfKnownFamily(model) ? OpenAi : OpenAiMini,
            _ => Others,
        };
    }

    private static bool IsOfKnownFamily(string model)
    {
        foreach (var family in OpenAiFamilies)
            if (model.StartsWith(family, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
