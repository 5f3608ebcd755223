using AspireGateway.Simulator.Composing;

namespace AspireGateway.Simulator.Gemini;

/// <summary>The fields of Gemini's messages, in camel case.</summary>
internal static class GeminiFields
{
    public static readonly FieldNames Request = new(
        "model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent", "labels", "serviceTier", "store");

    public static readonly FieldNames CountRequest = new("contents", "generateContentRequest", "model", "systemInstruction", "tools", "generationConfig", "instances");

    public static readonly FieldNames Generation = new(
        "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema",
        "responseModalities", "thinkingConfig", "presencePenalty", "frequencyPenalty", "seed", "responseLogprobs", "logprobs", "mediaResolution",
        "speechConfig", "enableEnhancedCivicAnswers", "audioTimestamp", "routingConfig", "imageConfig", "modelSelectionConfig", "responseFormat",
        "audioTranscriptionConfig", "enableAffectiveDialog", "translationConfig");

    public static readonly FieldNames Thinking = new("includeThoughts", "thinkingBudget", "thinkingLevel");

    public static readonly FieldNames Content = new("role", "parts");

    public static readonly FieldNames Part = new(
        "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult", "thought", "thoughtSignature",
        "videoMetadata", "mediaResolution", "partMetadata", "toolCall", "toolResponse", "mediaProcessing", "audioTranscription", "speechMetadata");

    public static readonly FieldNames Blob = new("mimeType", "data", "displayName");

    public static readonly FieldNames File = new("mimeType", "fileUri", "displayName");

    public static readonly FieldNames FunctionCall = new("id", "name", "args", "partialArgs", "willContinue");

    public static readonly FieldNames FunctionResponse = new("id", "name", "response", "willContinue", "scheduling", "parts");

    public static readonly FieldNames Tool = new(
        "functionDeclarations", "googleSearch", "googleSearchRetrieval", "codeExecution", "urlContext", "computerUse", "fileSearch", "retrieval", "googleMaps",
        "mcpServers", "enterpriseWebSearch", "exaAiSearch", "parallelAiSearch");

    public static readonly FieldNames Declaration = new("name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior");

    public static readonly FieldNames ToolConfig = new("functionCallingConfig", "retrievalConfig", "includeServerSideToolInvocations");

    public static readonly FieldNames Calling = new("mode", "allowedFunctionNames", "streamFunctionCallArguments");

    /// <summary>The subset of OpenAPI that <c>parameters</c> and <c>responseSchema</c> take; more of JSON Schema goes into the JsonSchema fields.</summary>
    public static readonly FieldNames Schema = new(
        "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties", "maxProperties",
        "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum");
}
