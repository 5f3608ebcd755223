using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Tests.Golden;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Matrix;

/// <summary>
/// Every case, said in every dialect, written for every protocol: the address, the body that goes out, and what was dropped or why it was refused. One golden
/// file per case and pair. <c>UPDATE_GOLDEN=1 dotnet test</c> writes them anew; the diff is then to be read.
/// </summary>
public sealed class RequestMatrixTests
{
    private const string Folder = "MatrixRequests";

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var name in GoldenCases.In(Folder, "json"))
            {
                using var input = JsonDocument.Parse(GoldenCases.Read(Folder, name, "in", "json"));
                foreach (var dialect in input.RootElement.EnumerateObject())
                    foreach (var protocol in Protocols.All) cases.Add(name, dialect.Name, protocol);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Request_OfDialect_ForProtocol_EqualsGolden(string name, string dialect, string protocol)
    {
        using var input = JsonDocument.Parse(GoldenCases.Read(Folder, name, "in", "json"));
        var body = Encoding.UTF8.GetBytes(input.RootElement.GetProperty(dialect).GetRawText());
        var deployment = Protocols.Deployment(protocol);
        var operation = Protocols.OperationOf(dialect);
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented, 0);
        using var facts = new RequestFacts(rented, body.Length);
        var exchange = new Exchange(new DefaultHttpContext(), operation, null, TimeProvider.System) { Request = facts };
        Assert.Null(RequestFactsReader.Read(facts, operation, 64));
        var module = ProviderModules.Find(protocol)!;

        var prepared = AttemptRequest.TryPrepare(exchange, new Candidate(deployment, null, null), module, out var request, out var failure);

        var shown = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        if (prepared)
        {
            var target = module.TargetOf(operation, deployment, facts.Stream)!;
            shown["path"] = target.Path;
            shown["headers"] = target.Headers.ToDictionary(h => h.Name, h => h.Value);
            shown["dropped"] = exchange.Call.Dropped.ToString();
            shown["passes"] = request!.Direct is not null;
            shown["body"] = JsonDocument.Parse(await request.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;
            request.Content.Dispose();
        }
        else
        {
            shown["outcome"] = failure!.Outcome;
            shown["refused"] = $"{failure.Refusal.Status} {failure.Refusal.Code} {failure.Refusal.Param}: {failure.Refusal.Message}";
        }
        GoldenFile.Check(Folder, $"{name}.{dialect}-to-{protocol}.json", JsonSerializer.Serialize(shown, Pretty) + "\n");
    }
}
