using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>A provider's own API through the gateway: bytes as they are, keys never across, one record each.</summary>
public sealed class PassThroughTests(VendorFixture fixture) : IClassFixture<VendorFixture>
{
    private readonly GatewayWorld world = fixture.World;
    private readonly VendorServer vendor = fixture.Vendor;

    [Fact]
    public async Task Chat_PassesAndIsPricedByItsReport()
    {
        var id = NewId();
        using var response = await PostAsync("/providers/sim/chat/completions", """{"model":"sim-small","messages":[{"role":"user","content":"Hello"}]}""", id: id);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(("sim", "sim-second", id), (Header(response, "x-gateway-provider"), Header(response, "x-gateway-deployment"), Header(response, "x-request-id")));
        var usage = body.GetProperty("usage");
        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", "sim/sim-small", "sim", "sim-second", "sim-small", false), (record.Status, record.Model, record.Provider, record.Deployment, record.ServedModel, record.Estimated));
        Assert.Equal((usage.GetProperty("prompt_tokens").GetInt64(), usage.GetProperty("completion_tokens").GetInt64()), (record.InputTokens + record.CacheReadTokens, record.OutputTokens));
        Assert.True(record.CostNanoUsd > 0);
    }

    [Theory]
    [InlineData(""","stream_options":{"include_usage":true}""", false)]
    [InlineData("", true)]
    public async Task Stream_PassesEventByEvent_AndIsPricedEitherWay(string options, bool estimated)
    {
        var id = NewId();
        using var response = await PostAsync("/providers/sim/v1/chat/completions", """{"model":"sim-small","stream":true,"messages":[{"role":"user","content":"Hello"}]""" + options + "}", id: id);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(": gateway", text, StringComparison.Ordinal);
        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", true, estimated), (record.Status, record.Streamed, record.Estimated));
        Assert.True(record is { InputTokens: > 0, OutputTokens: > 0, CostNanoUsd: > 0 });
    }

    [Fact]
    public async Task CallerWhoLeaves_EndsTheProvidersWork()
    {
        var (id, marker) = (NewId(), NewId());
        var response = await PostAsync("/providers/sim/chat/completions", $$"""{"model":"sim-small","stream":true,"messages":[{"role":"user","content":"{{marker}} [[sim: chunks=500; chunk-ms=20]]"}]}""", id: id);
        await using (var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken))
            await stream.ReadExactlyAsync(new byte[50], TestContext.Current.CancellationToken);
        response.Dispose();

        await world.Simulator.WaitForRequestAsync(r => r.Aborted && r.Body is { } body && Encoding.UTF8.GetString(body).Contains(marker, StringComparison.Ordinal), cancellationToken: TestContext.Current.CancellationToken);
        var record = await world.RecordAsync(id);
        Assert.Equal(("aborted", 499, true), (record.Status, record.StatusCode, record.Estimated));
    }

    [Fact]
    public async Task StreamThatBreaksOff_IsCutAndTruncated()
    {
        var id = NewId();
        using var response = await PostAsync("/providers/sim/chat/completions", """{"model":"sim-small","stream":true,"messages":[{"role":"user","content":"Hi [[sim: cut-after=2]]"}]}""", id: id);

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("truncated", (await world.RecordAsync(id)).Status);
    }

    [Fact]
    public async Task StreamThatFallsSilent_IsCutAndTruncated()
    {
        var id = NewId();
        using var response = await PostAsync("/providers/sim/chat/completions", """{"model":"sim-small","stream":true,"messages":[{"role":"user","content":"Hi [[sim: stall-after=2]]"}]}""", id: id);

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("truncated", "upstream_timeout"), (await world.RecordAsync(id)) is var record ? (record.Status, record.Error!) : default);
    }

    [Fact]
    public async Task ProviderThatIsSilent_TimesOut()
    {
        var id = NewId();
        using var response = await PostAsync("/providers/sim/chat/completions", """{"model":"sim-small","messages":[{"role":"user","content":"Hi [[sim: latency-ms=20000]]"}]}""", id: id, headers: ("x-gateway-timeout-ms", "300"));

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal(("failed", 504, "upstream_timeout"), (await world.RecordAsync(id)) is var record ? (record.Status, record.StatusCode, record.Error!) : default);
    }

    [Fact]
    public async Task WebSocket_PassesBothWays()
    {
        var id = NewId();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + world.Key);
        socket.Options.SetRequestHeader("x-request-id", id);
        socket.Options.SetRequestHeader("Cookie", "a=b");
        socket.Options.AddSubProtocol("realtime");
        socket.Options.AddSubProtocol("openai-insecure-api-key." + world.Key);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{fixture.Gateway.Address.Port}/providers/vend/realtime?model=m1"), TestContext.Current.CancellationToken);
        var buffer = new byte[100];
        foreach (var word in (string[])["hello", "again"])
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(word), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
            var got = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal(word, Encoding.UTF8.GetString(buffer, 0, got.Count));
        }
        Assert.Equal("realtime", socket.SubProtocol);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", 101, "vend/m1", 5000L), (record.Status, record.StatusCode, record.Model, record.CostNanoUsd));
        Assert.False(vendor.Last.Mentions(world.Key));
        Assert.False(vendor.Last.Headers.ContainsKey("Cookie"));
        Assert.Equal("Bearer " + VendorFixture.VendorSecret, vendor.Last.Headers["Authorization"]);
    }

    [Theory]
    // A rule as it is set, whether a reply of the provider's own API passes, and whether a WebSocket opens.
    [InlineData("{\"secrets\":{\"level\":\"standard\",\"reply_action\":\"mask\"}}", false, false)]
    [InlineData("{\"secrets\":{\"level\":\"standard\"}}", true, false)]
    [InlineData("{\"secrets\":{\"level\":\"standard\",\"reply_action\":\"mask\",\"on_error\":\"open\"}}", true, true)]
    [InlineData("{\"secrets\":{\"level\":\"flag\",\"reply_action\":\"flag\"}}", true, true)]
    [InlineData("{\"secrets\":{\"level\":\"off\"}}", true, true)]
    public async Task WhatNobodyCanLookAt_IsRefused_WhereAPolicyLetsNothingPassUnseen(string settings, bool passes, bool opens)
    {
        var secret = Shared.Domain.VirtualKeySecret.Create();
        var key = await world.Configuration.AddKeyAsync(world.Organisation, world.Team, secret);
        var policy = Guid.CreateVersion7();
        await world.Configuration.WriteAsync(
            [new(Shared.Domain.ConfigurationKinds.Guardrail, policy, world.Organisation)],
            "insert into guardrail_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, 'key', $3, $4::jsonb, now(), 'test')", policy, world.Organisation, key.ToString(), settings);
        await Guardrails.PolicyKeys.AppliedAsync(world, fixture.Gateway);
        vendor.Answers("application/json", "{}");
        var before = vendor.Count;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/providers/vend/v1/anything") { Content = new StringContent("{\"model\":\"m1\"}", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", secret);
        using var response = await fixture.Gateway.Http.SendAsync(request);
        Assert.Equal(passes ? 200 : 403, (int)response.StatusCode);
        Assert.Equal(passes ? 1 : 0, vendor.Count - before);
        if (!passes)
        {
            var (code, message) = await Spending.Ask.ErrorAsync(response);
            Assert.Equal("guardrail_blocked", code);
            Assert.Contains("Guardrail 'secrets' is to look at replies, and those of /providers/ pass as they come", message, StringComparison.Ordinal);
        }

        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + secret);
        socket.Options.CollectHttpResponseDetails = true;
        var address = new Uri($"ws://127.0.0.1:{fixture.Gateway.Address.Port}/providers/vend/realtime?model=m1");
        if (opens) await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        else await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address, TestContext.Current.CancellationToken));
        Assert.Equal(opens ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Keys_NeverCrossTheGateway()
    {
        vendor.Answers(
            "application/json", "{}", 200, ("Set-Cookie", "sid=" + VendorFixture.VendorSecret), ("Authorization", VendorFixture.VendorSecret), ("WWW-Authenticate", VendorFixture.VendorSecret),
            ("X-Debug", VendorFixture.VendorSecret), ("x-ratelimit-remaining-requests", "7"), ("Retry-After", "3"));
        using var response = await fixture.SendAsync(
            HttpMethod.Get, $"/providers/vend/files?limit=2&key={world.Key}&api_key=x", null, headers:
            [("x-api-key", world.Key), ("api-key", world.Key), ("x-goog-api-key", world.Key), ("Cookie", "k=" + world.Key), ("Proxy-Authorization", world.Key), ("OpenAI-Organization", "other"), ("X-Forwarded-For", "1.2.3.4"), ("anthropic-beta", "b1"), ("x-gateway-feature", "f")]);
        response.EnsureSuccessStatusCode();

        Assert.Equal("/v1/files?limit=2", vendor.Last.Path);
        Assert.False(vendor.Last.Mentions(world.Key));
        Assert.Equal("Bearer " + VendorFixture.VendorSecret, vendor.Last.Headers["Authorization"]);
        Assert.Equal("b1", vendor.Last.Headers["anthropic-beta"]);
        string[] kept = ["Host", "Authorization", "anthropic-beta"];
        Assert.Empty(vendor.Last.Headers.Keys.Except(kept, StringComparer.OrdinalIgnoreCase));
        Assert.DoesNotContain(response.Headers.Concat(response.Content.Headers), header => header.Value.Any(value => value.Contains(VendorFixture.VendorSecret, StringComparison.Ordinal)));
        Assert.Equal(("7", "3"), (Header(response, "x-ratelimit-remaining-requests"), Header(response, "Retry-After")));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task RefusedCredential_IsNotTheCallersFault(int status)
    {
        vendor.Answers("application/json", $$"""{"error":{"message":"Incorrect API key provided: {{VendorFixture.VendorSecret}}"} }""", status, ("WWW-Authenticate", "Bearer"));
        var id = NewId();
        using var response = await fixture.SendAsync(HttpMethod.Get, "/providers/vend/files", null, id: id);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.DoesNotContain(VendorFixture.VendorSecret, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Equal(("failed", 0L), (await world.RecordAsync(id)) is var record ? (record.Status, record.CostNanoUsd) : default);
    }

    [Fact]
    public async Task ProvidersError_PassesAsItIs_AndCostsNothing()
    {
        vendor.Answers("application/json", """{"error":{"message":"slow down"}}""", 429, ("Retry-After", "9"));
        var id = NewId();
        using var response = await fixture.SendAsync(HttpMethod.Get, "/providers/vend/files", null, id: id);

        Assert.Equal(("""{"error":{"message":"slow down"}}""", 429, "9"), (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), (int)response.StatusCode, Header(response, "Retry-After")));
        Assert.Equal(("failed", 429, "rate_limit_exceeded", 0L), (await world.RecordAsync(id)) is var record ? (record.Status, record.StatusCode, record.Error!, record.CostNanoUsd) : default);
    }

    [Fact]
    public async Task CallWithoutAModel_IsPricedByTheRequest()
    {
        vendor.Answers("application/json", """{"data":[]}""");
        var id = NewId();
        using var response = await fixture.SendAsync(HttpMethod.Delete, "/providers/vend/files/f-1", null, id: id);
        response.EnsureSuccessStatusCode();

        Assert.Equal("DELETE", vendor.Last.Method);
        Assert.Equal(("ok", "vend/*", 5000L, false), (await world.RecordAsync(id)) is var record ? (record.Status, record.Model!, record.CostNanoUsd, record.Estimated) : default);
    }

    [Theory]
    [InlineData("POST", "/providers/vend/chat/completions", """{"model":"m1"}""", 200)]
    [InlineData("POST", "/providers/vend/chat/completions", """{"model":"m2"}""", 403)]
    [InlineData("POST", "/providers/vend/chat/completions", """{"model":"m1","model":"m2"}""", 400)]
    [InlineData("POST", "/providers/vend/chat/completions", """{"model":"m1","mod\u0065l":"m2"}""", 400)]
    [InlineData("POST", "/providers/vend/chat/completions", """{"model":"m1",}""", 400)]
    [InlineData("POST", "/providers/vend/fine_tuning/jobs", """{"model":"m1"}""", 403)]
    [InlineData("GET", "/providers/vend/files", null, 403)]
    [InlineData("GET", "/providers/sim/models", null, 404)]
    [InlineData("GET", "/providers/none/models", null, 404)]
    public async Task NarrowKey_ReachesItsModelOnly(string method, string path, string? body, int status)
    {
        vendor.Answers("application/json", "{}");
        var before = vendor.Count;
        using var response = await fixture.SendAsync(new HttpMethod(method), path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), fixture.NarrowKey);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, vendor.Count - before);
    }

    [Theory]
    [InlineData("unknown-model", 404)]
    public async Task ModelWithoutAPrice_IsNotServed(string model, int status)
    {
        using var response = await PostAsync("/providers/vend/chat/completions", $$"""{"model":"{{model}}"}""");

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/providers/vend/../../etc")]
    [InlineData("/providers/vend/%2e%2e/admin")]
    [InlineData("/providers/vend/..%2fadmin")]
    [InlineData("/providers/vend//127.0.0.1/admin")]
    [InlineData("/providers/vend/a\\..\\b")]
    [InlineData("/x/../providers/vend/files")]
    [InlineData("http://169.254.169.254/providers/vend/files")]
    public async Task PathAttacks_ReachNobody(string target)
    {
        vendor.Answers("application/json", "{}");
        var before = vendor.Count;
        var answer = await RawAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {world.Key}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 4", answer);
        Assert.Equal(before, vendor.Count);
    }

    [Fact]
    public async Task CallerWithoutAKey_IsRefused()
    {
        using var response = await fixture.SendAsync(HttpMethod.Get, "/providers/vend/files", null, "agw-not-a-key-0000000000000000");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static string NewId() => "p-" + Guid.NewGuid().ToString("N");

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    private Task<HttpResponseMessage> PostAsync(string path, string body, string? id = null, params (string Name, string Value)[] headers) =>
        fixture.SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), id: id, headers: headers);

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, fixture.Gateway.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
