using System.Net;
using System.Text.Json;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Benchmarks;

/// <summary>Sample sets through the API.</summary>
public sealed class SetsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Sets_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var lines = "{\"prompt\":\"2 + 2?\",\"expected\":\"4\"}\n{\"prompt\":\"2 + 3?\",\"expected\":\"5\",\"rubric\":\"Says 5.\"}";
        var set = await api.MadeAsync("/api/benchmarks/sets", Body("sums", "math", lines));
        Assert.Equal(["bytes", "created_at", "created_by", "id", "metrics", "name", "sample_count", "task"], set.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal((2, 1, "exact", lines.Length), (set["sample_count"]!.GetValue<int>(), set["metrics"]!.AsArray().Count, set["metrics"]![0]!.GetValue<string>(), set["bytes"]!.GetValue<int>()));
        Assert.Equal("sums", (await api.GetAsync($"/api/benchmarks/sets/{set.Id()}")).Body.Text("name"));
        Assert.Equal(["sums"], (await api.ItemsAsync("/api/benchmarks/sets")).Select(s => s.Text("name")));

        var (status, conflict) = await api.PostAsync("/api/benchmarks/sets", Body("sums", "math", lines));
        Assert.Equal((HttpStatusCode.Conflict, "name"), (status, Assert.Single(conflict.Faults())));
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/benchmarks/sets/{set.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"/api/benchmarks/sets/{set.Id()}")).Status);
        var audit = await api.ItemsAsync($"/api/audit?target_id={set.Id()}");
        Assert.Equal(["benchmark_set.delete", "benchmark_set.create"], audit.Select(a => a.Text("action")));
        // The samples are not in it.
        Assert.DoesNotContain("2 + 2", audit[1].ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_ThatCannotBe_NamesItsFieldsAndLines()
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Equal(["name", "samples", "task"], await api.FaultsAsync("/api/benchmarks/sets", "{}"));
        Assert.Equal(["task"], await api.FaultsAsync("/api/benchmarks/sets", Body("s", "cooking", "{\"prompt\":\"x\",\"expected\":\"y\"}")));
        var (_, problem) = await api.PostAsync("/api/benchmarks/sets", Body("s", "math", "{\"prompt\":\"x\",\"expected\":\"y\"}\n{\"prompt\":\"x\"}\nno"));
        Assert.Equal(
            ["line 2: an answer could not be judged. Give it expected, schema or rubric.", "line 3: it is no valid JSON, or names a field twice, near byte 2."],
            problem!["errors"]!["samples"]!.AsArray().Select(e => e!.GetValue<string>()));
        Assert.StartsWith(
            "No metric serves all lines.",
            (await api.PostAsync("/api/benchmarks/sets", Body("s", "math", "{\"prompt\":\"x\",\"expected\":\"y\"}\n{\"prompt\":\"x\",\"rubric\":\"y\"}"))).Body!["errors"]!["samples"]![0]!.GetValue<string>(),
            StringComparison.Ordinal);
        await api.MadeAsync("/api/tasks", """{"name":"cooking","words":["recipe"]}""");
        await api.MadeAsync("/api/benchmarks/sets", Body("s", "cooking", "{\"prompt\":\"x\",\"expected\":\"y\"}"));
    }

    private static string Body(string name, string task, string samples) => JsonSerializer.Serialize(new { name, task, samples });
}
