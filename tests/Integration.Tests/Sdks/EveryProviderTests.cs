using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AspireGateway.Integration.Tests.Sdks;

/// <summary>What must hold whichever protocol serves.</summary>
public sealed class EveryProviderTests(EveryProviderFixture fixture) : IClassFixture<EveryProviderFixture>
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

    public static TheoryData<string> Protocols => [.. EveryProviderFixture.Providers.Select(p => p.Protocol)];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Keys_StayOnTheirSide(string protocol)
    {
        var marker = "marker " + Guid.NewGuid().ToString("N");
        using var response = await fixture.Gateway.ChatAsync(
            fixture.World.Key, $$"""{"model":"on-{{protocol}}","messages":[{"role":"user","content":"{{marker}}"}]}""", null, TestContext.Current.CancellationToken,
            ("cookie", "session=" + fixture.World.Key), ("x-forwarded-key", fixture.World.Key));
        var reply = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) + response.Headers;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = Assert.Single(fixture.World.Simulator.Requests, r => r.Body is { } body && Encoding.UTF8.GetString(body).Contains(marker, StringComparison.Ordinal));
        // The simulator keeps credentials as hashes; a virtual key in any header would show as one, or as itself.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fixture.World.Key)))[..16];
        var upstream = string.Join('\n', seen.Headers.Select(h => h.Key + ": " + h.Value)) + seen.Path + Encoding.UTF8.GetString(seen.Body!);
        Assert.DoesNotContain(fixture.World.Key, upstream, StringComparison.Ordinal);
        Assert.DoesNotContain(hash, upstream, StringComparison.Ordinal);
        Assert.DoesNotContain(seen.Headers.Keys, name => name.Equals("cookie", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("canary", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("wJalrXUtnFEMI", reply, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Overload_SaysWhenToTryAgain(string protocol)
    {
        using var response = await fixture.Gateway.ChatAsync(
            fixture.World.Key, $$"""{"model":"on-{{protocol}}","messages":[{"role":"user","content":"[[sim: status=503; retry-after=9]] x"}]}""",
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.True((int)response.StatusCode is 502 or 503, $"{response.StatusCode}");
        Assert.Equal(TimeSpan.FromSeconds(9), response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task ContextTooLong_IsToldApart(string protocol)
    {
        using var response = await fixture.Gateway.ChatAsync(
            fixture.World.Key, $$"""{"model":"on-{{protocol}}","messages":[{"role":"user","content":"[[sim: failure=context-length]] x"}]}""",
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"context_length_exceeded\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Stream_CutByTheProvider_EndsWithAnErrorAndIsFlagged(string protocol)
    {
        var id = "cut-" + protocol;
        using var response = await fixture.Gateway.ChatAsync(
            fixture.World.Key, $$"""{"model":"on-{{protocol}}","stream":true,"messages":[{"role":"user","content":"[[sim: cut-after=3]] x"}]}""", id,
            TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        var isCut = false;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            for (int read; (read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0;) text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (HttpIOException)
        {
            isCut = true;
        }

        Assert.True(isCut, "the connection ended as if all were well");
        Assert.Contains("\"error\"", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text.ToString(), StringComparison.Ordinal);
        var record = await fixture.World.RecordAsync(id);
        Assert.Equal("truncated", record.Status);
        Assert.True(record.Estimated);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Strict_RefusesWhatWouldBeDropped(string protocol)
    {
        var body = $$"""{"model":"on-{{protocol}}",{{Hello}},"logit_bias":{"50256":-100},"brand_new":1}""";
        using var lenient = await fixture.Gateway.ChatAsync(fixture.World.Key, body, cancellationToken: TestContext.Current.CancellationToken);
        using var strict = await fixture.Gateway.ChatAsync(fixture.World.Key, body, null, TestContext.Current.CancellationToken, ("x-gateway-strict", "true"));

        Assert.Equal(HttpStatusCode.OK, lenient.StatusCode);
        // OpenAI's own dialect passes what nobody here has heard of.
        var passes = protocol is "openai" or "azure-openai";
        Assert.Equal(!passes, lenient.Headers.Contains("x-gateway-dropped"));
        Assert.Equal(passes ? HttpStatusCode.OK : HttpStatusCode.BadRequest, strict.StatusCode);
        if (!passes) Assert.Contains("logit_bias", await strict.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
