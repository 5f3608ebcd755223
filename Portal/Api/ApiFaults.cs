using System.Text.Json;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace AspireGateway.Portal.Api;

/// <summary>Turns what goes wrong around a handler into problem details, under <c>/api</c> only.</summary>
public static partial class ApiFaults
{
    /// <summary>Catches unreadable requests, a store that is away, and everything else; fills in bodies of bare 404 and 405 answers.</summary>
    public static void UseApiFaults(this IApplicationBuilder app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments(SignIn.ApiPath),
        api =>
        {
            api.UseStatusCodePages(context => ApiProblems.Problem(context.HttpContext.Response.StatusCode, context.HttpContext.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => "There is nothing at this address. See /api/openapi.json for what there is.",
                StatusCodes.Status405MethodNotAllowed => $"This address takes {context.HttpContext.Response.Headers.Allow} only.",
                _ => "The request was refused.",
            }).ExecuteAsync(context.HttpContext));
            api.Use(CatchAsync);
        });

    private static async Task CatchAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Unreadable(e).ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception e) when (!http.Response.HasStarted && (e is TimeoutException || e.GetBaseException() is NpgsqlException { IsTransient: true } or TimeoutException))
        {
            Log.StoreAway(Logger(http), e);
            await ApiProblems.Problem(StatusCodes.Status503ServiceUnavailable, "The portal's database cannot be reached. Try again.").ExecuteAsync(http);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            Log.Failed(Logger(http), http.Request.Method, http.Request.Path, e);
            await ApiProblems.Problem(StatusCodes.Status500InternalServerError, "The portal failed. Its log says why.").ExecuteAsync(http);
        }
    }

    // The message of a JSON fault quotes names of fields and types, never a value.
    private static ProblemHttpResult Unreadable(BadHttpRequestException e)
    {
        if (e.InnerException is not JsonException json) return ApiProblems.Problem(e.StatusCode, e.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => "The body is too large.",
            StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
            _ => e.Message,
        });
        var unknown = UnknownField().Match(json.Message);
        var field = unknown.Success ? unknown.Groups["field"].Value : json.Path?.TrimStart('$', '.') ?? "";
        var fault = unknown.Success ? $"{field} is not a field of this request."
            : json.Message.StartsWith("Duplicate", StringComparison.Ordinal) ? "A field stands twice."
            : field.Length > 0 ? $"{field} has the wrong type or form." : "The body is not JSON of the expected form.";
        return ApiProblems.Problem(StatusCodes.Status400BadRequest, fault, new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [fault] });
    }

    private static ILogger Logger(HttpContext http) =>
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("AspireGateway.Portal.Api");

    [System.Text.RegularExpressions.GeneratedRegex("^The JSON property '(?<field>[^']{1,100})' could not be mapped", System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.ExplicitCapture)]
    private static partial System.Text.RegularExpressions.Regex UnknownField();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, string method, string path, Exception fault);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database cannot be reached")]
        public static partial void StoreAway(ILogger logger, Exception fault);
    }
}
