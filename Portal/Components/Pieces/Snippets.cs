namespace AspireGateway.Portal.Components.Pieces;

/// <summary>The first call to the gateway, in the languages that people use, ready to paste.</summary>
public static class Snippets
{
    /// <summary>One per language, in order of likely use.</summary>
    /// <param name="gateway">The gateway's address without <c>/v1</c>.</param>
    /// <param name="secret">The virtual key.</param>
    /// <param name="model">A model that the key may use.</param>
    public static IReadOnlyList<Snippet> All(string gateway, string secret, string model) =>
    [
        new("curl", Curl(gateway, secret, model)),
        new("Python", $$"""
            from openai import OpenAI

            client = OpenAI(base_url="{{gateway}}/v1", api_key="{{secret}}")
            reply = client.chat.completions.create(
                model="{{model}}",
                messages=[{"role": "user", "content": "Hello"}],
            )
            print(reply.choices[0].message.content)
            """),
        new("JavaScript", $$"""
            import OpenAI from "openai";

            const client = new OpenAI({
              baseURL: "{{gateway}}/v1",
              apiKey: "{{secret}}",
            });
            const reply = await client.chat.completions.create({
              model: "{{model}}",
              messages: [{ role: "user", content: "Hello" }],
            });
            console.log(reply.choices[0].message.content);
            """),
        new("C#", $$"""
            using System.ClientModel;
            using OpenAI;
            using OpenAI.Chat;

            var client = new ChatClient(
                "{{model}}",
                new ApiKeyCredential("{{secret}}"),
                new OpenAIClientOptions { Endpoint = new Uri("{{gateway}}/v1") });
            ChatCompletion reply = await client.CompleteChatAsync("Hello");
            Console.WriteLine(reply.Content[0].Text);
            """),
        new("Environment", $$"""
            OPENAI_BASE_URL={{gateway}}/v1
            OPENAI_API_KEY={{secret}}
            """),
    ];

    /// <summary>The first call with curl.</summary>
    public static string Curl(string gateway, string secret, string model) => $$"""
        curl {{gateway}}/v1/chat/completions \
          -H "Authorization: Bearer {{secret}}" \
          -H "Content-Type: application/json" \
          -d '{"model": "{{model}}", "messages": [{"role": "user", "content": "Hello"}]}'
        """;
}

/// <summary>Code to paste.</summary>
/// <param name="Language">Its tab's name.</param>
/// <param name="Code">The code.</param>
public sealed record Snippet(string Language, string Code);
