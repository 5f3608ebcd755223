using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Helpers;
using Anthropic.Models.Messages;

namespace AspireGateway.Integration.Tests.Sdks;

/// <summary>The official Anthropic SDK for .NET, unmodified, against every provider.</summary>
public sealed class AnthropicNetSdkTests(EveryProviderFixture fixture) : IClassFixture<EveryProviderFixture>
{
    public static TheoryData<string> Protocols => [.. EveryProviderFixture.Providers.Select(p => p.Protocol)];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Messages_Streamed_AreTheWholeInPieces(string protocol)
    {
        var client = Client();
        var whole = await client.Messages.Create(Ask(protocol, "Tell me something"), TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        await foreach (var streamed in client.Messages.CreateStreaming(Ask(protocol, "Tell me something"), TestContext.Current.CancellationToken))
            if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece)) text.Append(piece.Text);

        Assert.NotEmpty(TextOf(whole));
        Assert.Equal(TextOf(whole), text.ToString());
        Assert.True(whole.Usage.OutputTokens > 0);
        Assert.Equal("end_turn", whole.StopReason!.Raw());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Messages_Tools_GoRound(string protocol)
    {
        var client = Client();
        var asked = await client.Messages.Create(Ask(protocol, "call get_weather") with { Tools = [Weather] }, TestContext.Current.CancellationToken);
        Assert.Equal("tool_use", asked.StopReason!.Raw());
        ToolUseBlock? call = null;
        foreach (var block in asked.Content)
            if (block.TryPickToolUse(out var found)) call = found;
        Assert.Equal("get_weather", call!.Name);
        Assert.Equal(JsonValueKind.String, call.Input["city"].ValueKind);

        var answered = await client.Messages.Create(
            Ask(protocol, "call get_weather") with
            {
                Tools = [Weather],
                Messages =
                [
                    new UserMessageParam { Content = "call get_weather" },
                    new AssistantMessageParam { Content = new List<ContentBlockParam> { new ToolUseBlockParam { ID = call.ID, Name = call.Name, Input = call.Input } } },
                    new UserMessageParam { Content = new List<ContentBlockParam> { new ToolResultBlockParam { ToolUseID = call.ID, Content = "21 degrees" } } },
                ],
            },
            TestContext.Current.CancellationToken);
        Assert.Equal("end_turn", answered.StopReason!.Raw());
        Assert.NotEmpty(TextOf(answered));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Messages_StructuredOutput_FitsItsSchema(string protocol)
    {
        var reply = await Client().Messages.Create(
            Ask(protocol, "Who?") with { OutputConfig = new OutputConfig { Format = StructuredOutput.CreateJsonFormat<Person>() } }, TestContext.Current.CancellationToken);

        var person = StructuredOutput.Parse<Person>(TextOf(reply));
        Assert.NotEmpty(person.Name);
        using var text = JsonDocument.Parse(TextOf(reply));
        Assert.Equal(["age", "name"], text.RootElement.EnumerateObject().Select(field => field.Name.ToLowerInvariant()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Messages_RateLimited_IsTheSdksOwnError(string protocol) =>
        await Assert.ThrowsAsync<AnthropicRateLimitException>(() =>
            Client().Messages.Create(Ask(protocol, "[[sim: status=429; retry-after=7]] x"), TestContext.Current.CancellationToken));

    [Fact]
    public async Task Messages_UnknownKey_IsTheSdksOwnError() =>
        await Assert.ThrowsAsync<AnthropicUnauthorizedException>(() =>
            new AnthropicClient { ApiKey = "agw-0000000000000000000000", BaseUrl = fixture.Gateway.Address.ToString(), MaxRetries = 0 }
                .Messages.Create(Ask("anthropic", "x"), TestContext.Current.CancellationToken));

    [Fact]
    public async Task Messages_UnknownModel_IsTheSdksOwnError() =>
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() =>
            Client().Messages.Create(Ask("anthropic", "x") with { Model = "no-such-model" }, TestContext.Current.CancellationToken));

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Messages_Rejected_IsTheSdksOwnError(string protocol) =>
        await Assert.ThrowsAsync<AnthropicBadRequestException>(() =>
            Client().Messages.Create(Ask(protocol, "[[sim: status=400]] x"), TestContext.Current.CancellationToken));

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Messages_Left_CancelTheProvidersWork(string protocol)
    {
        var marker = "leaving " + Guid.NewGuid().ToString("N");
        using var leave = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var streamed in Client().Messages.CreateStreaming(Ask(protocol, $"[[sim: chunks=2000; chunk-ms=20]] {marker}"), leave.Token))
                if (streamed.TryPickContentBlockDelta(out _)) await leave.CancelAsync();
        });

        await fixture.World.Simulator.WaitForRequestAsync(r => r.Aborted && r.Body is { } body && Encoding.UTF8.GetString(body).Contains(marker, StringComparison.Ordinal));
    }

    private static Tool Weather => new()
    {
        Name = "get_weather",
        Description = "The weather of a city",
        InputSchema = new()
        {
            Properties = new Dictionary<string, JsonElement> { ["city"] = JsonSerializer.SerializeToElement(new { type = "string" }) },
            Required = ["city"],
        },
    };

    private static MessageCreateParams Ask(string protocol, string words) => new()
    {
        Model = "on-" + protocol,
        MaxTokens = 500,
        Messages = [new UserMessageParam { Content = words }],
    };

    private static string TextOf(Message message)
    {
        var text = new StringBuilder();
        foreach (var block in message.Content)
            if (block.TryPickText(out var words)) text.Append(words.Text);
        return text.ToString();
    }

    /// <summary>What the schema is made of, and what the answer is read into.</summary>
    internal sealed class Person
    {
        public string Name { get; set; } = "";

        public int Age { get; set; }
    }

    private AnthropicClient Client() => new() { ApiKey = fixture.World.Key, BaseUrl = fixture.Gateway.Address.ToString().TrimEnd('/'), MaxRetries = 0 };
}
