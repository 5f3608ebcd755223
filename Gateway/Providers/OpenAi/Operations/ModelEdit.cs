using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>The one change that most operations need: the provider's own name of the model, in a JSON body or a form.</summary>
internal static class ModelEdit
{
    /// <summary>The edit.</summary>
    public static BodyEdit[] Of(RequestFacts request, DeploymentSnapshot deployment)
    {
        var (start, end) = (request.ModelRange.Start.Value, request.ModelRange.End.Value);
        if (request.Form is not { } form)
        {
            var name = deployment.UpstreamModelJson;
            return request.HasModelField
                ? [new BodyEdit(start, end, name)]
                : [new BodyEdit(request.RootStart, request.RootStart, [.. "\"model\":"u8, .. name, (byte)','])];
        }
        return request.HasModelField
            ? [new BodyEdit(start, end, Encoding.UTF8.GetBytes(deployment.UpstreamModel))]
            : [new BodyEdit(0, 0, Encoding.UTF8.GetBytes($"--{form.Boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{deployment.UpstreamModel}\r\n"))];
    }
}
