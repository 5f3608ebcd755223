using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>Reads the form of the answer: <c>response_format</c> of chat completions, <c>text.format</c> of Responses, which does not wrap the schema.</summary>
internal static class FormatReader
{
    /// <summary>Reads the form that the cursor stands at.</summary>
    public static void Read(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterObject()) return;
        string? type = null;
        var schema = new Draft();
        while (at.NextField())
        {
            if (at.Is("type"u8)) type = at.Word();
            else if (at.Is("json_schema"u8) && at.EnterObject()) while (at.NextField()) ReadField(ref at, request, schema);
            else ReadField(ref at, request, schema);
        }
        if (at.Fault is not null) return;
        switch (type)
        {
            case "text":
                request.ResponseFormat = null;
                return;
            case "json_object":
                request.ResponseFormat = new ResponseFormat(default);
                return;
            case "json_schema" when schema.Schema.IsPresent:
                request.ResponseFormat = new ResponseFormat(schema.Schema, schema.Name, schema.Strict) { Description = schema.Description };
                return;
            case "json_schema":
                at.Refuse("has the type json_schema without a 'schema'.");
                return;
            default:
                at.Refuse($"has the type '{type}'. Use text, json_object or json_schema.");
                return;
        }
    }

    private static void ReadField(ref BodyCursor at, ChatRequest request, Draft schema)
    {
        if (at.Is("schema"u8)) schema.Schema = at.RawObject();
        else if (at.Is("name"u8)) schema.Name = at.Text();
        else if (at.Is("description"u8)) schema.Description = at.Text();
        else if (at.Is("strict"u8)) schema.Strict = at.Flag();
        else at.Unmapped(request);
    }

    private sealed class Draft
    {
        public JsonRaw Schema { get; set; }

        public JsonText Name { get; set; }

        public JsonText Description { get; set; }

        public bool? Strict { get; set; }
    }
}
