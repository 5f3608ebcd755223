using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using AspireGateway.Gateway.Tests.Guardrails.External;
using AspireGateway.Gateway.Tests.Guardrails.Media;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Integration.Tests.Guardrails;

/// <summary>Pictures and sounds at a real gateway, in every dialect.</summary>
public sealed partial class MediaTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private static readonly string[] Dialects = ["/v1/chat/completions", "/v1/responses", "/v1/messages"];

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    public static TheoryData<string> Paths => [.. Dialects];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Picture_ThatIsNoPicture_ReachesNoProvider(string path)
    {
        var (model, key) = await KeyAsync(new() { Media = new() { Level = GuardrailLevels.Standard, MediaTypes = ["image/*"] } });
        using var response = await PostAsync(key, path, model, Source([.. "MZ"u8, 0x90, 0, 3, 0], "image/png"));
        var said = await response.Content.ReadAsStringAsync();

        Assert.Equal((403, "media;block;MEDIA_TYPE=1;MEDIA_MISMATCH=1"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-guardrails")));
        Assert.Contains("1 MEDIA_MISMATCH", said, StringComparison.Ordinal);
        Assert.StartsWith(path == "/v1/messages" ? "{\"type\":\"error\"" : "{\"error\":", said, StringComparison.Ordinal);
        Assert.DoesNotContain(world.World.Simulator.Requests, request => request.Model == model + "-a");
        Assert.Equal("guardrail_blocked", (await world.World.RecordAsync(Ask.Header(response, "x-request-id"))).Error);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Picture_ThatTellsWhereItWasTaken_LeavesWithoutIt(string path)
    {
        var (model, key) = await KeyAsync(new() { Media = new() { Level = GuardrailLevels.Standard, MediaLocation = MediaLocations.Strip } });
        using var response = await PostAsync(key, path, model, Source(MediaFiles.JpegExif(), "image/jpeg"));

        Assert.Equal((200, "media;mask;MEDIA_LOCATION=1"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-guardrails")));
        var sent = Encoding.UTF8.GetString(Assert.Single(world.World.Simulator.Requests, request => request.Model == model + "-a").Body!);
        // The picture arrived, in whatever dialect it was sent on, and all that it lacks is its place.
        var (picture, before) = (Convert.FromBase64String(Jpeg().Match(sent).Value), MediaFiles.JpegExif());
        Assert.Equal(before.Length, picture.Length);
        Assert.True(before.AsSpan().IndexOf(Degrees) >= 0 && picture.AsSpan().IndexOf(Degrees) < 0);
        Assert.True(picture.AsSpan().IndexOf("2026:11:30 10:00:00"u8) >= 0);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Address_WhereNoneIsAllowed_IsRefused_AndElsePasses(string path)
    {
        var (model, key) = await KeyAsync(new() { Media = new() { Level = GuardrailLevels.Standard, AllowRemote = false, MaxMedia = 1 } });
        using var refused = await PostAsync(key, path, model, Remote);
        Assert.Equal((403, "media;block;REMOTE_MEDIA=1"), ((int)refused.StatusCode, Ask.Header(refused, "x-gateway-guardrails")));
        using var passed = await PostAsync(key, path, model, Source(MediaFiles.Png(), "image/png"));
        Assert.Equal(200, (int)passed.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Picture_WhoseTextIsForbidden_IsRefused_AndOthersPass(string path)
    {
        await using var server = new CheckServer();
        server.Does = http => http.Response.WriteAsync($$"""{"text":"{{(server.Asked[^1].Body.Contains("secret plan", StringComparison.Ordinal) ? "Project FALCON" : "A cat")}}"}""");
        await server.InitializeAsync();
        var (model, key) = await KeyAsync(new()
        {
            BannedPatterns = new() { Level = GuardrailLevels.Standard, Words = ["falcon"] },
            ExternalChecks = new() { Level = GuardrailLevels.Standard, Checks = [await CheckAsync(server.Address)] },
        });
        foreach (var (comment, status) in new[] { ("secret plan", 403), ("holiday", 200) })
        {
            using var response = await PostAsync(key, path, model, Source(MediaFiles.Png(9, 9, ("tEXt", [.. "Comment\0"u8, .. Encoding.ASCII.GetBytes(comment)])), "image/png"));
            Assert.Equal(status, (int)response.StatusCode);
            if (status == 403) Assert.Equal("banned_patterns;block;BANNED_WORD=1", Ask.Header(response, "x-gateway-guardrails"));
        }
        Assert.Equal(2, server.Asked.Count);
        Assert.Single(world.World.Simulator.Requests, request => request.Model == model + "-a");
    }

    [Fact]
    public async Task Sound_OfATranscription_IsLookedAtAsAFile()
    {
        var (model, key) = await KeyAsync(new() { Media = new() { Level = GuardrailLevels.Standard, MediaTypes = ["audio/wav"] } });
        foreach (var (file, type, found) in new[] { (MediaFiles.Pdf(), "audio/wav", "media;block;MEDIA_TYPE=1;MEDIA_MISMATCH=1"), ([0xFF, 0xFB, 0x90, 0x64, 0, 0], "audio/mpeg", "media;block;MEDIA_TYPE=1") })
        {
            var part = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
            using var form = new MultipartFormDataContent { { new StringContent(model), "model" }, { part, "file", "a.wav" } };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
            using var response = await gateway.Http.SendAsync(request);
            Assert.Equal((403, found), ((int)response.StatusCode, Ask.Header(response, "x-gateway-guardrails")));
        }
    }

    [Theory]
    [InlineData("json", false)]
    [InlineData("text", false)]
    [InlineData("srt", false)]
    [InlineData("json", true)]
    public async Task Words_OfATranscription_AreLookedAtOnTheirWayBack(string format, bool stream)
    {
        foreach (var (action, passes) in new[] { (GuardrailActions.Mask, true), (GuardrailActions.Block, false) })
        {
            var (model, key) = await KeyAsync(new() { BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Flag, ReplyAction = action, Words = ["saltpetre"] } });
            world.World.Simulator.ScriptFor(model + "-a", "text=\"Take saltpetre and coal.\"");
            using var form = new MultipartFormDataContent { { new StringContent(model), "model" }, { new StringContent(format), "response_format" }, { new ByteArrayContent(MediaFiles.Wav()), "file", "a.wav" } };
            if (stream) form.Add(new StringContent("true"), "stream");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
            using var response = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var said = await Ask.ReadCutAsync(response);

            Assert.Equal(passes || stream ? 200 : 403, (int)response.StatusCode);
            Assert.DoesNotContain("saltpetre", said, StringComparison.Ordinal);
            Assert.Equal(passes, said.Contains("coal", StringComparison.Ordinal));
            Assert.Contains(passes ? "BANNED_WORD" : "1 BANNED_WORD", said, StringComparison.Ordinal);
        }
    }

    private static ReadOnlySpan<byte> Degrees => [0, 0, 0, 52, 0, 0, 0, 1, 0, 0, 0, 31];

    // What base64 of a JPEG begins with.
    [GeneratedRegex("/9j/[A-Za-z0-9+/=]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Jpeg();

    private static string Remote(string path) => path switch
    {
        "/v1/messages" => """{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}""",
        "/v1/responses" => """{"type":"input_image","image_url":"https://example.com/a.png"}""",
        _ => """{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}""",
    };

    private static Func<string, string> Source(byte[] file, string type)
    {
        var data = Convert.ToBase64String(file);
        return path => path switch
        {
            "/v1/messages" => $$$"""{"type":"image","source":{"type":"base64","media_type":"{{{type}}}","data":"{{{data}}}"}}""",
            "/v1/responses" => $$"""{"type":"input_image","image_url":"data:{{type}};base64,{{data}}"}""",
            _ => $$$"""{"type":"image_url","image_url":{"url":"data:{{{type}}};base64,{{{data}}}"}}""",
        };
    }

    private async Task<string> CheckAsync(string url)
    {
        var (id, name) = (Guid.CreateVersion7(), "c" + Guid.NewGuid().ToString("N")[..10]);
        await world.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.GuardrailCheck, id, world.World.Organisation)],
            """
            insert into guardrail_checks (id, organisation_id, name, kind, url, is_private, time_limit_ms, on_error, applies_to, max_characters, created_at, created_by)
            values ($1, $2, $3, 'ocr', $4, true, 20000, 'closed', 'prompts', 50000, now(), 'test')
            """,
            id, world.World.Organisation, name, url);
        return name;
    }

    private async Task<(string Model, string Key)> KeyAsync(GuardrailSettings settings)
    {
        var model = await CheckedModel.AddAsync(world.World);
        var key = await PolicyKeys.AddAsync(world.World, settings);
        await world.AppliedAsync(gateway);
        return (model, key);
    }

    private async Task<HttpResponseMessage> PostAsync(string key, string path, string model, Func<string, string> picture)
    {
        var field = path == "/v1/responses" ? "input" : "messages";
        var most = path == "/v1/responses" ? "max_output_tokens" : "max_tokens";
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($$"""{"model":"{{model}}","{{most}}":400,"{{field}}":[{"role":"user","content":[{{picture(path)}}]}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (path == "/v1/messages") request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        return await gateway.Http.SendAsync(request);
    }
}
