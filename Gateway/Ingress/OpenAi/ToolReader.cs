using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>Reads tools and how they are chosen. Chat completions wrap each in <c>function</c>, Responses and the legacy fields do not: both are read.</summary>
internal static class ToolReader
{
    /// <summary>Reads <c>tools</c>.</summary>
    public static void ReadAll(ref BodyCursor at, ChatRequest request)
    {
        request.Tools.Clear();
        if (!at.EnterArray()) return;
        while (at.NextItem()) ReadTool(ref at, request, isLegacy: false);
    }

    /// <summary>Reads the legacy <c>functions</c>.</summary>
    public static void ReadLegacy(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterArray()) return;
        while (at.NextItem()) ReadTool(ref at, request, isLegacy: true);
    }

    /// <summary>Reads <c>tool_choice</c>, or the legacy <c>function_call</c>. Tools that it allows beside the rule are kept in <paramref name="allowed"/>.</summary>
    public static void ReadChoice(ref BodyCursor at, ChatRequest request, ref List<JsonText>? allowed)
    {
        if (at.IsNull) return;
        if (at.IsString)
        {
            request.ToolChoice = ChoiceOf(ref at, at.Word());
            return;
        }
        var choice = new Choice();
        ReadChoiceObject(ref at, choice);
        if (at.Fault is not null) return;
        switch (choice.Type)
        {
            case null or "function" when !choice.Name.IsEmpty:
                request.ToolChoice = new ToolChoice(ToolChoiceKind.Named, choice.Name);
                return;
            case "allowed_tools":
                request.ToolChoice = choice.Mode == "required" ? new ToolChoice(ToolChoiceKind.Required) : new ToolChoice(ToolChoiceKind.Auto);
                allowed = choice.Allowed;
                return;
            case "auto" or "none" or "required":
                request.ToolChoice = ChoiceOf(ref at, choice.Type);
                return;
            default:
                at.Refuse($"has the type '{choice.Type}', which the provider of this model cannot be sent. Use auto, none, required, or a function's name.");
                return;
        }
    }

    /// <summary>Keeps the tools that the choice allows: the model can call no other, as was asked.</summary>
    public static void Narrow(ChatRequest request, List<JsonText>? allowed)
    {
        if (allowed is null) return;
        request.Tools.RemoveAll(tool => !allowed.Exists(name => name.Is(tool.Name.Decoded().Span)));
    }

    private static void ReadTool(ref BodyCursor at, ChatRequest request, bool isLegacy)
    {
        if (!at.EnterObject())
        {
            at.Refuse("must be a tool: an object with 'type' and 'function'.");
            return;
        }
        var type = isLegacy ? "function" : null;
        var tool = new Draft();
        while (at.NextField())
        {
            if (at.Is("type"u8)) type = at.Word();
            else if (at.Is("function"u8) && at.EnterObject()) while (at.NextField()) ReadField(ref at, request, tool);
            else ReadField(ref at, request, tool);
        }
        if (at.Fault is not null) return;
        if (type != "function") at.Refuse($"is a tool of type '{type}', which the provider of this model cannot be sent. Use type 'function'.");
        else if (tool.Name.IsEmpty) at.Refuse("is a function without 'name'.");
        else request.Tools.Add(new ToolDefinition(tool.Name, tool.Description, tool.Schema) { Strict = tool.Strict, Cache = tool.Cache });
    }

    private static void ReadField(ref BodyCursor at, ChatRequest request, Draft tool)
    {
        if (at.Is("name"u8)) tool.Name = at.Text();
        else if (at.Is("description"u8)) tool.Description = at.Text();
        else if (at.Is("parameters"u8)) tool.Schema = at.RawObject();
        else if (at.Is("strict"u8)) tool.Strict = at.Flag();
        else if (at.Is("cache_control"u8)) tool.Cache = ContentReader.ReadCache(ref at);
        else at.Unmapped(request);
    }

    private static void ReadChoiceObject(ref BodyCursor at, Choice choice)
    {
        if (!at.EnterObject()) return;
        while (at.NextField())
        {
            if (at.Is("type"u8)) choice.Type ??= at.Word();
            else if (at.Is("mode"u8)) choice.Mode = at.Word();
            else if (at.Is("name"u8)) choice.Name = at.Text();
            else if (at.Is("function"u8)) choice.Name = NameIn(ref at);
            else if (at.Is("tools"u8)) ReadAllowed(ref at, choice);
            else if (at.Is("allowed_tools"u8)) ReadChoiceObject(ref at, choice);
        }
    }

    private static void ReadAllowed(ref BodyCursor at, Choice choice)
    {
        if (!at.EnterArray()) return;
        while (at.NextItem())
        {
            JsonText name = default;
            if (!at.EnterObject()) continue;
            while (at.NextField())
            {
                if (at.Is("name"u8)) name = at.Text();
                else if (at.Is("function"u8)) name = NameIn(ref at);
            }
            if (name.IsEmpty) at.Refuse("must name a function.");
            choice.Allowed.Add(name);
        }
    }

    private static JsonText NameIn(ref BodyCursor at)
    {
        JsonText name = default;
        if (!at.EnterObject()) return name;
        while (at.NextField())
            if (at.Is("name"u8)) name = at.Text();
        return name;
    }

    private static ToolChoice? ChoiceOf(ref BodyCursor at, string? word)
    {
        switch (word)
        {
            case "auto":
                return new ToolChoice(ToolChoiceKind.Auto);
            case "none":
                return new ToolChoice(ToolChoiceKind.None);
            case "required" or "any":
                return new ToolChoice(ToolChoiceKind.Required);
            default:
                at.Refuse($"has the value '{word}'. Use auto, none, required, or a function's name.");
                return null;
        }
    }

    private sealed class Draft
    {
        public JsonText Name { get; set; }

        public JsonText Description { get; set; }

        public JsonRaw Schema { get; set; }

        public bool? Strict { get; set; }

        public CacheMarker? Cache { get; set; }
    }

    private sealed class Choice
    {
        public string? Type { get; set; }

        public string? Mode { get; set; }

        public JsonText Name { get; set; }

        public List<JsonText> Allowed { get; } = [];
    }
}
