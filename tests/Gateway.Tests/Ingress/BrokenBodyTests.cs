using System.IO.Pipelines;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Tests.Routing.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Ingress;

/// <summary>A body that breaks off is the caller's fault, whenever the server notices it.</summary>
public sealed class BrokenBodyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodyThatBreaksOff_IsRefused_AsTheCallersFault(bool atOnce)
    {
        var exchange = new RuleWorld("small").Exchange("""{"model":"small","messages":[{"role":"user","content":"Hi"}]}""");
        exchange.Http.Features.Set<IRequestBodyPipeFeature>(new Broken(atOnce));

        var decision = await new ReadRequest(Options.Create(new IngressOptions())).DecideAsync(exchange);

        Assert.Equal((400, "invalid_request_error"), (decision.Refusal?.Status, decision.Refusal?.Code));
    }

    // As Kestrel's: the end of a connection is told by whichever call comes next.
    private sealed class Broken(bool atOnce) : PipeReader, IRequestBodyPipeFeature
    {
        public PipeReader Reader => this;

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            return atOnce ? throw new BadHttpRequestException("Unexpected end of request content.") : false;
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => throw new BadHttpRequestException("Unexpected end of request content.");

        public override void AdvanceTo(SequencePosition consumed) { }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) { }

        public override void CancelPendingRead() { }

        public override void Complete(Exception? exception = null) { }
    }
}
