using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Quality.Feedback;

/// <summary><c>POST /v1/feedback</c>. Free of charge and off the journey, so without a usage record.</summary>
internal static class FeedbackEndpoint
{
    private const string Path = "/v1/feedback";

    /// <summary>Registers what it needs.</summary>
    public static void AddFeedback(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<FeedbackOptions>(builder.Configuration.GetSection("Gateway:Feedback"));
        builder.Services.AddSingleton<FeedbackStore>();
        builder.Services.AddSingleton<FeedbackRate>();
        builder.Services.AddSingleton<TakeFeedback>();
        builder.Services.AddSingleton<FeedbackMatcher>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<FeedbackMatcher>());
    }

    /// <summary>Maps it.</summary>
    public static void MapFeedback(this WebApplication app)
    {
        app.MapPost(Path, AnswerAsync);
        app.Map(Path, (HttpContext http) => ErrorWriter.WriteAsync(http, Refusal.MethodNotAllowed($"{Path} takes POST, not {http.Request.Method}.", HttpMethods.Post))).WithOrder(1);
    }

    private static async Task AnswerAsync(HttpContext http, IdentifyCaller identify, SnapshotHolder snapshots, TakeFeedback take)
    {
        var refusal = identify.Identify(http.Request.Headers, snapshots.Current, out var caller);
        var answer = default(FeedbackAnswer);
        if (refusal is null) (refusal, answer) = await take.RunAsync(caller!, http);
        if (refusal is not null)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }
        var body = new ArrayBufferWriter<byte>(64);
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "feedback"u8);
            json.WriteString("status"u8, answer switch { FeedbackAnswer.Counted => "counted"u8, FeedbackAnswer.Replaced => "replaced"u8, _ => "waiting"u8 });
            json.WriteEndObject();
        }
        http.Response.StatusCode = answer == FeedbackAnswer.Waiting ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }
}
