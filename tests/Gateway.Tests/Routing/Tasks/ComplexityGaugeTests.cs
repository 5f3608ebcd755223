using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Tasks;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Tasks;

/// <summary>How much a request is found to ask of a model.</summary>
public sealed class ComplexityGaugeTests
{
    [Theory]
    [InlineData("What is the capital of France?", Complexities.Low)]
    [InlineData("Hi there", Complexities.Low)]
    [InlineData("Write a function that reverses a string.", Complexities.Low)]
    [InlineData("Compare both database designs, analyse their trade-offs in detail and justify a choice.", Complexities.Medium)]
    [InlineData("Prove step by step that the sum of the angles of a triangle is 180 degrees, and derive the case of polygons.", Complexities.Medium)]
    [InlineData("Refactor this, compare the alternatives, analyse the concurrency and justify the architecture:\n```csharp\nclass A { void B() { lock (this) { C(); } } }\n```\nWhat breaks? Why? Which tests are missing?", Complexities.High)]
    public void Prompts_AreGauged(string prompt, string expected) => Assert.Equal(expected, Gauge(prompt));

    [Fact]
    public void LengthTurnsAndTools_AddUp()
    {
        var text = string.Concat(Enumerable.Repeat("plain words again ", 300));
        var turn = """{"role":"user","content":"and now?"},{"role":"assistant","content":"so"},""";
        var tool = """{"type":"function","function":{"name":"f"}}""";

        Assert.Equal(Complexities.Low, GaugeBody("""{"messages":[{"role":"user","content":"plain words"}]}"""));
        Assert.Equal(Complexities.Medium, GaugeBody($$"""{"messages":[{"role":"user","content":"{{text}}"}]}"""));
        Assert.Equal(Complexities.Medium, GaugeBody($$"""{"messages":[{{string.Concat(Enumerable.Repeat(turn, 10))}}{"role":"user","content":"x"}]}"""));
        Assert.Equal(Complexities.High, GaugeBody($$"""{"messages":[{{string.Concat(Enumerable.Repeat(turn, 10))}}{"role":"user","content":"x"}],"tools":[{{string.Join(',', Enumerable.Repeat(tool, 5))}}]}"""));
    }

    private static string Gauge(string prompt) =>
        GaugeBody($$"""{"messages":[{"role":"user","content":{{System.Text.Json.JsonSerializer.Serialize(prompt)}}}]}""");

    private static string GaugeBody(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var facts = new RequestFacts(bytes, bytes.Length);
        Assert.Null(RequestFactsReader.Read(facts, Operation.ChatCompletions, 64));
        var prompt = PromptReader.Read(facts);
        var (task, _) = TaskClassifier.Default.Classify(prompt, out var hardWords);
        return ComplexityGauge.Of(facts, prompt, task, hardWords);
    }
}
